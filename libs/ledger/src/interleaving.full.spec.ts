import { describe, it } from '@jest/globals'
import { expectInterleavingsSettle } from './interleaving.contract.js'

const SEEDS = Array.from({ length: 10_000 }, (_, index) => index + 1)

describe('ten thousand interleavings of deliveries, crashes and rebalances', () => {
  it('end in the same set of records, every offset accounted for (R1.9, R2.7)', async () => {
    await expectInterleavingsSettle(SEEDS)
  }, 600_000)
})
