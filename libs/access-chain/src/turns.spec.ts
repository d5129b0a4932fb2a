import type { Activity } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { WALK_DEFAULTS } from './evidence.js'
import { MemoryFacts } from './memory-fact-index.js'
import { attempt, GITHUB, named } from './testing/facts.js'
import { logIn, read, SOURCES } from './testing/given.js'
import { indexWith } from './testing/index-with.js'
import { walk } from './walk.js'

describe('a page', () => {
  it('R1.9 waits for who made a token, then for all that its login claims', async () => {
    expect(await turnsOf(read('t1', 20_000), [logIn('t1', 10_000, { session: 's1' })])).toBe(2)
  })

  it('R1.9 does not wait for facts by a name of a token that was known before', async () => {
    const use = withNames(read('t1', 20_000), 't1-accessor', 't1-hash')
    expect(await turnsOf(use, [logIn('t1', 10_000, { session: 's1' })])).toBe(2)
  })

  it('R1.9 waits for what the issuer bound to a repository no longer than for all else that a login claims', async () => {
    const login = logIn('t1', 6_000, { repository: '7' }, GITHUB)
    expect(await turnsOf(read('t1', 8_000), [login])).toBe(2)
    // When they began and ended is asked then.
    expect(await turnsOf(read('t1', 8_000), [login, attempt('11', 1, 5_000)])).toBe(3)
  })
})

/** The same by a caller whose token has further names. */
function withNames(fact: Activity, ...names: readonly string[]): Activity {
  return { ...fact, groups: fact.groups.map((group) => (group.role === 'caller' ? named(group, ...names) : group)) }
}

/** How often the walk of one request waits for answers, if all that is asked at one moment is answered together. */
async function turnsOf(asked: Activity, given: readonly Activity[]): Promise<number> {
  const facts = new MemoryFacts()
  for (const each of [asked, ...given]) facts.add(each)
  const index = facts.at({ position: 1_000 })
  let turns = 0
  let turn: Promise<void> | undefined
  const next = (): Promise<void> =>
    (turn ??= new Promise((resolve) => {
      turns++
      setImmediate(() => {
        turn = undefined
        resolve()
      })
    }))
  // Clocks and coverage are summed up once for a state of knowledge.
  const counted = indexWith(index, {
    equated: (keys) => next().then(() => index.equated(keys)),
    factsBy: (lookups, verb) => next().then(() => index.factsBy(lookups, verb)),
  })
  await walk(counted, [asked], { ...WALK_DEFAULTS, sources: SOURCES })
  return turns
}
