import { afterAll, beforeAll, describe, it, jest } from '@jest/globals'
import { startAttackedCatena, type AttackedCatena } from '../attacks/attacked-catena.js'
import { shootMutations } from './shoot-mutations.js'
import { shootWebhooks } from './shoot-webhooks.js'
import { shootAt } from './shoot-at.js'

jest.setTimeout(600_000)

const SEED = 20_261_128

let catena: AttackedCatena
beforeAll(async () => {
  catena = await startAttackedCatena(
    '{ id: code, kind: github, scope: github.com, webhook_secret_file: SECRET_FILE }',
    '{ id: lab, kind: gitlab, scope: gitlab.com, webhook_secret_file: SECRET_FILE }',
  )
}, 120_000)
afterAll(() => catena.stop())

describe.each([
  ['4,000 malformed variables of mutations', 4_000, 500, shootMutations],
  ['4,000 malformed deliveries of webhooks, signed', 4_000, 500, shootWebhooks],
] as const)('%s', (name, count, warmUp, shoot) => {
  it('are answered without a fault, and leave the memory as it was', async () => {
    await shootAt(catena, shoot, { name, count, warmUp, seed: SEED })
  })
})
