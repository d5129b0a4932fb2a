import { afterAll, beforeAll, describe, it, jest } from '@jest/globals'
import { startAttackedCatena, type AttackedCatena } from '../attacks/attacked-catena.js'
import { shootScim } from './shoot-scim.js'
import { shootAt } from './shoot-at.js'

jest.setTimeout(600_000)

const SEED = 20_261_128

let catena: AttackedCatena
beforeAll(async () => {
  catena = await startAttackedCatena('{ id: hr, kind: scim, scope: acme }')
}, 120_000)
afterAll(() => catena.stop())

describe.each([['2,000 malformed SCIM requests', 2_000, 200, shootScim]] as const)(
  '%s',
  (name, count, warmUp, shoot) => {
    it('are answered without a fault, and leave the memory as it was', async () => {
      await shootAt(catena, shoot, { name, count, warmUp, seed: SEED })
    })
  },
)
