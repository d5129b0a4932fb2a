import type { Activity, Key } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { byKey, Evidence, keyOf, WALK_DEFAULTS } from './evidence.js'
import type { FactIndex } from './fact-index.js'
import { MemoryFacts } from './memory-fact-index.js'
import { key, logIn, read, signIn, signOut, SOURCES } from './testing/given.js'
import { indexWith } from './testing/index-with.js'
import { walkSettled } from './walk.js'

const SETTINGS = { ...WALK_DEFAULTS, sources: SOURCES }
const [SESSION, OTHER] = ['s1', 's2'].map((id) => key('session', 'presents', 'idp-session', id).forms[0]!.key) as [
  Key,
  Key,
]

const given = [signIn('s1', 'ada', 1_000), logIn('t1', 2_000, { session: 's1' }), signOut('s1', 50_000)]

function indexOf(facts: readonly Activity[]) {
  const memory = new MemoryFacts()
  for (const each of facts) memory.add(each)
  return memory.at({ position: 1_000 })
}

describe('what is worked out of evidence', () => {
  const counting = (evidence: Evidence) => {
    let times = 0
    const work = (): number => {
      times++
      return evidence.factsBy(SESSION, 'ends').length
    }
    return { worked: () => [evidence.once('of s1', work), times] }
  }

  it('R1.9 is worked out once, and anew when more was loaded', async () => {
    const evidence = new Evidence(indexOf(given), SETTINGS)
    const { worked } = counting(evidence)
    expect([worked(), worked()]).toEqual([[0, 1], [0, 1]]) // prettier-ignore
    await evidence.load('ends', [byKey(SESSION)])
    expect([worked(), worked()]).toEqual([[1, 2], [1, 2]]) // prettier-ignore
  })

  it.each([
    ['names', (evidence: Evidence) => evidence.loadNames([keyOf(given[1]!, 'issued')!])],
    ['clocks', (evidence: Evidence) => evidence.loadSkew('vault', 'keycloak/acme')],
    ['coverage', (evidence: Evidence) => evidence.loadCoverage('keycloak/acme')],
  ])('R1.9 is worked out anew when %s were loaded', async (_, load) => {
    const evidence = new Evidence(indexOf(given), SETTINGS)
    const { worked } = counting(evidence)
    worked()
    await load(evidence)
    expect(worked()).toEqual([0, 2])
  })

  it('R1.10 R5.2 counts for whoever asks again, beside what else was asked for', async () => {
    const evidence = new Evidence(indexOf([...given, signIn('s2', 'ben', 90_000)]), SETTINGS)
    await evidence.load('establishes', [byKey(SESSION), byKey(OTHER)])
    const ofSession = () => evidence.once('of s1', () => evidence.factsBy(SESSION, 'establishes'))
    const ofOther = () => evidence.factsBy(OTHER, 'establishes')
    for (const work of [ofSession, ofSession]) expect(evidence.noting(work).latest).toBe(1_000)
    expect(evidence.noting(() => [ofOther(), ofSession()]).latest).toBe(90_000)
    expect(evidence.noting(() => [ofSession(), ofOther()]).latest).toBe(90_000)
  })
})

describe('what an index tells without being asked', () => {
  /** Tells who ended what, and answers the rest. */
  function telling() {
    const index = indexOf(given)
    const asked: string[] = []
    const factsBy: FactIndex['factsBy'] = (lookups, verb) => {
      asked.push(...lookups.map((lookup) => `${verb} ${lookup.key}`))
      return index.factsBy(lookups, verb)
    }
    const told: FactIndex['told'] = ({ key: of }, verb) => (verb === 'ends' ? (of === SESSION ? [given[2]!] : []) : undefined) // prettier-ignore
    return { evidence: new Evidence(indexWith(index, { told, factsBy }), SETTINGS), asked }
  }

  it('R1.9 is evidence, and is not asked; the rest is, once', async () => {
    const { evidence, asked } = telling()
    for (const verb of ['ends', 'establishes'] as const)
      for (let time = 0; time < 2; time++) await evidence.load(verb, [byKey(SESSION), byKey(OTHER)])
    expect(evidence.factsBy(SESSION, 'ends')).toEqual([given[2]])
    expect(evidence.factsBy(OTHER, 'ends')).toEqual([])
    expect(evidence.factsBy(SESSION, 'establishes')).toEqual([given[0]])
    expect(asked).toEqual([`establishes ${SESSION}`, `establishes ${OTHER}`])
  })

  it('R1.9 makes what was worked out without it be worked out anew', async () => {
    const { evidence } = telling()
    const ends = () => evidence.once('of s1', () => evidence.factsBy(SESSION, 'ends').length)
    expect(ends()).toBe(0)
    await evidence.load('ends', [byKey(SESSION)])
    expect(ends()).toBe(1)
  })
})

describe('the moment from which on a chain is as it is', () => {
  it('R1.10 R5.2 is the same on a page with others of its login as alone', async () => {
    const index = indexOf([...given, ...[3_000, 4_000].map((at) => read('t1', at))])
    const page = [read('t1', 3_000), read('t1', 4_000)]
    const together = await walkSettled(index, page, SETTINGS)
    const alone = [...(await walkSettled(index, page.slice(0, 1), SETTINGS)), ...(await walkSettled(index, page.slice(1), SETTINGS))] // prettier-ignore
    expect(together).toEqual(alone)
    expect(together.map(({ settledAt }) => settledAt)).toEqual([50_000, 50_000])
  })
})
