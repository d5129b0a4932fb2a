import { walk, WALK_DEFAULTS, type Chain } from '@catena/access-chain'
import { NO_FAULTS, SIMULATION_DEFAULTS, SOURCES, type Faults, type SimulationOptions } from '@catena/simulation'
import { describe, expect, it } from '@jest/globals'
import { judgeOrganisation, type Walk } from './organisations/answer.js'

const SMALL: SimulationOptions = { ...SIMULATION_DEFAULTS, people: 16, credentials: 50, days: 8, rate: 300 }
const ALL: Faults = { shuffle: true, duplicate: true, delay: true, dropSource: 'github', skewMs: 1_800, renameRepository: true, recycleLogin: true } // prettier-ignore

describe('simulated organisations whose truth is known', () => {
  it.each([
    ['without a fault', 1, NO_FAULTS],
    ...SOURCES.map((dropSource, index) => [`with ${dropSource} lost for an hour`, index + 2, { ...ALL, dropSource }] as const), // prettier-ignore
    ['with clocks the other way', 10, { ...ALL, skewMs: -2_500 }],
    ['with clocks that say nothing', 11, { ...ALL, skewMs: 40_000 }],
  ] as const)('R1.4 are told what their records justify: %s', async (_, seed, faults) => {
    const { tally, unread, strayCauses } = await judgeOrganisation({ ...SMALL, seed, faults })
    expect([tally.examples, unread, strayCauses]).toEqual([[], 0, []])
    expect(tally.holds).toBe(true)
    expect(tally.share('path', 'proven').asked).toBeGreaterThan(300)
    expect(tally.share('right', 'proven').asked).toBeGreaterThan(0)
  })

  it('have for every cause of an incident a fact of that name', async () => {
    const year = { ...SMALL, days: 125, rate: 60, seed: 3 }
    const { strayCauses, simulated } = await judgeOrganisation(year)
    expect([strayCauses, simulated.leftOut]).toEqual([[], []])
  })

  it('R1.4 show a walk that takes the latest of several for the right one', async () => {
    const { tally } = await judgeOrganisation({ ...SMALL, seed: 1 }, { walk: decided('inferred') })
    expect(tally.holds).toBe(false)
    expect(tally.countWrong('overclaimed')).toBeGreaterThan(0)
  })

  it('R1.4 show a walk that proves where it can infer only', async () => {
    const { tally } = await judgeOrganisation({ ...SMALL, seed: 1 }, { walk: proving })
    expect(tally.holds).toBe(false)
    expect(tally.countWrong('false proven')).toBeGreaterThan(0)
  })

  it('R1.4 R1.7 show a walk that takes whoever sat with an agent for the one who acted', async () => {
    const { tally } = await judgeOrganisation({ ...SMALL, seed: 1 }, { walk: personal })
    expect(tally.countWrong('false proven')).toBeGreaterThan(0)
  })

  it('R1.4 show a walk that takes a typed ticket for an approval', async () => {
    const { tally } = await judgeOrganisation({ ...SMALL, days: 20, seed: 1 }, { walk: credulous })
    expect(tally.countWrong('false proven')).toBeGreaterThan(0)
  })

  it('R1.4 show a walk that finds less than there is', async () => {
    const { tally } = await judgeOrganisation({ ...SMALL, seed: 1 }, { walk: forgetful })
    expect(tally.holds).toBe(false)
  })
})

/** Picks the last candidate. */
function decided(state: 'inferred'): Walk {
  return broken((chain) => {
    const last = chain.path.candidates.at(-1)
    if (chain.path.state !== 'ambiguous' || last === undefined) return chain
    return { ...chain, path: { ...chain.path, state, through: last, candidates: [] } }
  })
}

/** Knows no job. */
const forgetful: Walk = broken((chain) =>
  chain.path.through?.startsWith('ci-attempt') === true
    ? { ...chain, path: { ...chain.path, state: 'missing', reason: 'gap in the source' } }
    : chain,
)

const proving: Walk = broken((chain) =>
  chain.path.state === 'inferred' ? { ...chain, path: { ...chain.path, state: 'proven' } } : chain,
)

const personal: Walk = broken((chain) => {
  const [behalf] = chain.sideways
  if (chain.actor.kind !== 'attributed' || behalf?.role !== 'behalf' || behalf.principal === undefined) return chain
  return { ...chain, actor: { ...chain.actor, principal: behalf.principal } }
})

const credulous: Walk = broken((chain) => ({ ...chain, right: { ...chain.right, state: 'proven' } }))

function broken(change: (chain: Chain) => Chain): Walk {
  return async (index, facts, sources) => (await walk(index, facts, { ...WALK_DEFAULTS, sources })).map(change)
}
