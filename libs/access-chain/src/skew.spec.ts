import { describe, expect, it } from '@jest/globals'
import { isBeyond, skewOf, UNBOUNDED } from './skew.js'
import { MemoryFacts } from './memory-fact-index.js'
import { attempt, attemptEnd, GITHUB } from './testing/facts.js'
import { logIn, read, signIn, signOut } from './testing/given.js'
import type { ClockBounds } from './fact-index.js'

const uses = (greatest: number, late: number, tokens: number): ClockBounds['lastUse'] => ({ greatest, late, tokens })

describe('the skew of two clocks', () => {
  it('R1.4 is unbounded where no pair tells', () => {
    expect(skewOf({ leastStart: undefined, lastUse: undefined })).toEqual(UNBOUNDED)
    expect(UNBOUNDED).toMatchObject({ low: 0, high: 0, best: 0 })
  })

  it('R1.4 is at most the least of login minus start; equal clocks are the best guess where possible', () => {
    expect(skewOf({ leastStart: 800, lastUse: undefined })).toEqual({ low: 0, high: 800, best: 0, unbounded: false })
  })

  it('R1.4 where a login precedes its start is negative, and may be as much again', () => {
    expect(skewOf({ leastStart: -3_000, lastUse: undefined })).toMatchObject({
      low: -6_000,
      high: -3_000,
      best: -3_000,
    })
  })

  it('R1.4 is at least the last use minus the end, which never contradicts equal clocks where it is earlier', () => {
    expect(skewOf({ leastStart: 800, lastUse: uses(-500, 0, 3) })).toMatchObject({ low: -500, high: 800, best: 0 })
    expect(skewOf({ leastStart: undefined, lastUse: uses(-500, 0, 3) })).toMatchObject({ low: -500, high: 0, best: 0 })
  })

  it('R1.4 is not moved by a few late uses, only where most of several tokens show it', () => {
    expect(skewOf({ leastStart: 9_000, lastUse: uses(2_000, 4, 4) })).toMatchObject({ low: 0, best: 0 })
    expect(skewOf({ leastStart: 9_000, lastUse: uses(2_000, 5, 7) })).toMatchObject({ low: 0, best: 0 })
    expect(skewOf({ leastStart: 9_000, lastUse: uses(2_000, 6, 8) })).toMatchObject({ low: 2_000, best: 2_000 })
    expect(skewOf({ leastStart: 9_000, lastUse: uses(2_000, 5, 5) })).toMatchObject({ low: 2_000, high: 9_000 })
    expect(skewOf({ leastStart: undefined, lastUse: uses(2_000, 5, 5) })).toMatchObject({ low: 2_000, high: 4_000 })
  })

  it('R1.4 keeps the low end below a high end that is negative, by what stamps may lie apart', () => {
    expect(skewOf({ leastStart: -3_000, lastUse: uses(-3_500, 0, 3) })).toMatchObject({ low: -4_000, high: -3_000 })
    expect(skewOf({ leastStart: -3_000, lastUse: uses(-9_000, 0, 3) })).toMatchObject({ low: -9_000, high: -3_000 })
  })

  it('R1.4 lies beyond a bound only as a whole', () => {
    const skew = (low: number, high: number) => ({ low, high, best: low, unbounded: false })
    expect([5_000, 5_001].map((low) => isBeyond(skew(low, 9_000), 5_000))).toEqual([false, true])
    expect([-5_000, -5_001].map((high) => isBeyond(skew(-9_000, high), 5_000))).toEqual([false, true])
  })
})

describe('the pairs that bound it', () => {
  function bounds(given: readonly ReturnType<typeof read>[], issuer = 'keycloak/acme'): Promise<ClockBounds> {
    const facts = new MemoryFacts()
    for (const each of given) facts.add(each)
    return facts.at({ position: Infinity }).clockBounds('vault', issuer)
  }
  const login = (token: string, at: number, session: string) => logIn(token, at, { session })

  it('R1.4 are logins with the session that they present, the least difference counting', async () => {
    const given = [signIn('s1', 'ada', 1_000), login('t1', 1_900, 's1'), login('t2', 1_300, 's1')]
    expect(await bounds(given)).toEqual({ leastStart: 300, lastUse: undefined })
    expect((await bounds(given, 'keycloak/other')).leastStart).toBeUndefined()
  })

  it('R1.4 are no logins by standing keys, nor sessions that nobody recorded', async () => {
    const given = [signIn('s1', 'ada', 1_000), logIn('t1', 1_900, { person: 'ada' }), login('t2', 1_300, 'lost')]
    expect((await bounds(given)).leastStart).toBeUndefined()
  })

  it('R1.4 are logins with the attempt that they present', async () => {
    const given = [attempt('11', 1, 1_000), logIn('t1', 1_700, { run: '11', attempt: '11/1' }, GITHUB)]
    expect((await bounds(given, 'github/github.com')).leastStart).toBe(700)
  })

  it('R1.4 are per token its last use with the end of its session, the end as late as its stamp allows', async () => {
    const ended = { ...signOut('s1', 5_000), resolutionMs: 100 }
    const given = [signIn('s1', 'ada', 1_000), login('t1', 3_000, 's1'), ended, read('t1', 4_000), read('t1', 4_600)]
    expect((await bounds(given)).lastUse).toEqual({ greatest: -500, late: 0, tokens: 1 })
  })

  it('R1.4 count late uses, and leave out those that contradict the starts', async () => {
    const given = [signIn('s1', 'ada', 1_000), login('t1', 3_000, 's1'), login('t2', 3_000, 's1'), signOut('s1', 5_000)]
    const late = [...given, read('t1', 4_000), read('t1', 7_000), read('t1', 7_001), read('t2', 4_000)]
    expect((await bounds(late)).lastUse).toEqual({ greatest: 2_000, late: 1, tokens: 2 })
  })

  it('R1.4 know the uses of a token under all its names, and of a token without uses nothing', async () => {
    const attempts = [attempt('11', 1, 1_000), attemptEnd('11', 1, 5_000)]
    const job = logIn('t1', 3_000, { run: '11', attempt: '11/1' }, GITHUB)
    expect((await bounds([...attempts, job], 'github/github.com')).lastUse).toBeUndefined()
  })
})
