import { afterAll, beforeAll, describe, it, jest } from '@jest/globals'
import { startAttackedCatena, type AttackedCatena } from '../attacks/attacked-catena.js'
import { shootDocuments, shootRecords } from './shoot.js'
import { shootAt } from './shoot-at.js'

jest.setTimeout(600_000)

const SEED = 20_261_128

let catena: AttackedCatena
beforeAll(async () => {
  catena = await startAttackedCatena('{ id: idp, kind: keycloak, scope: acme }')
}, 120_000)
afterAll(() => catena.stop())

describe.each([
  ['10,000 malformed GraphQL documents', 10_000, 1_500, shootDocuments],
  ['10,000 malformed ingest bodies', 10_000, 1_500, shootRecords],
] as const)('%s', (name, count, warmUp, shoot) => {
  it('are answered without a fault, and leave the memory as it was', async () => {
    await shootAt(catena, shoot, { name, count, warmUp, seed: SEED })
  })
})
