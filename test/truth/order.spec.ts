import { MemoryFacts, walk, WALK_DEFAULTS } from '@catena/access-chain'
import type { Activity } from '@catena/domain'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { answerOf } from './answers.js'
import { recordedObservations, type Recorded } from './recorded.js'
import { Chance } from './simulation/chance.js'

/** Order and repetition of the observations that one answer must not depend on. */
const ARRIVALS: readonly [string, (recorded: Recorded, chance: Chance) => readonly Activity[]][] = [
  ['shuffled', ({ observations }, chance) => chance.shuffled(observations)],
  ['backwards', ({ observations }) => [...observations].reverse()],
  ['twice', ({ observations }, chance) => chance.shuffled([...observations, ...observations])],
  [
    'one source after the other, the vault last',
    ({ observations }) => [...observations].sort((a, b) => (a.source < b.source ? -1 : a.source > b.source ? 1 : 0)),
  ],
]

describe('the recorded organisation', () => {
  let recorded: Recorded
  let expected: readonly string[]

  beforeAll(async () => {
    recorded = await recordedObservations()
    expected = await answers(recorded, recorded.observations)
  }, 60_000)

  it.each(ARRIVALS)('R1.9 has the same answers when its records arrive %s', async (_, arrive) => {
    expect(expected.length).toBeGreaterThan(700)
    expect(await answers(recorded, arrive(recorded, new Chance(7)))).toEqual(expected)
  })

  it('R1.9 has the same answer for a request asked alone as on a page with all others', async () => {
    const sample = new Chance(11).shuffled(expected).slice(0, 60)
    const alone: string[] = []
    for (const line of sample) alone.push(...(await answers(recorded, recorded.observations, line.split(' ')[0])))
    expect(alone).toEqual(sample)
  }, 60_000)
})

async function answers(
  { sources, position }: Recorded,
  observations: readonly Activity[],
  only?: string,
): Promise<string[]> {
  const facts = new MemoryFacts()
  for (const observation of observations) facts.add(observation)
  const index = facts.at({ position })
  const requests = index.all.filter(
    (fact) => fact.source === 'vault' && fact.attributes.path !== undefined && (only ?? fact.factId) === fact.factId,
  )
  const chains = await walk(index, requests, { ...WALK_DEFAULTS, sources })
  return chains.map((chain) => {
    const { links } = chain.path
    const whole = [answerOf(chain.fact.factId, chain), links, chain.actor, chain.end, chain.sideways, chain.findings]
    return `${chain.fact.factId} ${JSON.stringify(whole)}`
  })
}
