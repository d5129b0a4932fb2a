import type { SourceInstance } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { attempt, exchange, GITHUB } from './testing/facts.js'
import { chain, fact, logIn, read, signIn, signOut, SOURCES, sourcesWith } from './testing/given.js'

const HOUR = 3_600_000
const through = (name: string): string => `idp-session:keycloak/acme:${name}`
const byPerson = (at: number, attributes = {}): ReturnType<typeof logIn> =>
  logIn('t1', at, { person: 'ada' }, attributes)

describe('a session alive at the login', () => {
  const pathAt = async (...given: Parameters<typeof chain>[1][number][]) =>
    (await chain(read('t1', 20_000), [signIn('other', 'eva', 9_999), ...given])).path

  it('R1.4 has begun at the login or before, never after', async () => {
    expect((await pathAt(signIn('s1', 'ada', 10_000), byPerson(10_000))).state).toBe('inferred')
    expect((await pathAt(signIn('s1', 'ada', 10_001), byPerson(10_000))).state).toBe('missing')
  })

  it('R1.4 may have begun while the vault answered', async () => {
    const login = { ...byPerson(10_000), completedAt: 10_050 }
    expect((await pathAt(signIn('s1', 'ada', 10_050), login)).state).toBe('inferred')
    expect((await pathAt(signIn('s1', 'ada', 10_051), login)).state).toBe('missing')
  })

  it('R1.4 has not ended before, after the resolution of its stamp', async () => {
    const ended = (at: number, resolutionMs = 0) => [signIn('s1', 'ada', 1_000), { ...signOut('s1', at), resolutionMs }]
    expect((await pathAt(...ended(10_000), byPerson(10_000))).state).toBe('inferred')
    expect((await pathAt(...ended(9_999), byPerson(10_000))).state).toBe('missing')
    expect((await pathAt(...ended(9_000, 1_000), byPerson(10_000))).state).toBe('inferred')
  })

  it('R1.4 is not ended by a logout that failed', async () => {
    const failed = { ...signOut('s1', 5_000), outcome: 'failed' as const }
    expect((await pathAt(signIn('s1', 'ada', 1_000), failed, byPerson(10_000))).state).toBe('inferred')
  })

  it('R1.4 began no longer ago than the longest life declared, else than the bound', async () => {
    const at = 20 * HOUR
    const path = async (start: number, attributes = {}) => {
      const given = [signIn('s1', 'ada', start), signIn('other', 'eva', at), byPerson(at, attributes)]
      return (await chain(read('t1', at + 1), given)).path.state
    }
    expect(await path(at - 10 * HOUR)).toBe('inferred')
    expect(await path(at - 10 * HOUR - 1)).toBe('missing')
    expect(await path(at - HOUR, { sessionMaxMs: HOUR })).toBe('inferred')
    expect(await path(at - HOUR - 1, { sessionMaxMs: HOUR })).toBe('missing')
  })

  it('R1.4 began when the record says, not when it was written', async () => {
    const completed = attempt('11', 1, 9_000, { startsAt: 1_000 })
    const login = logIn('t1', 5_000, { repository: '7' }, GITHUB)
    expect((await chain(read('t1', 10_000), [completed, login])).path.state).toBe('inferred')
  })

  it('R1.4 of a CI attempt may last as long as its host lets it', async () => {
    const at = 40 * 24 * HOUR
    const path = async (start: number) => {
      const given = [
        attempt('11', 1, start),
        attempt('12', 1, at, {}, '8'),
        logIn('t1', at, { repository: '7' }, GITHUB),
      ]
      return (await chain(read('t1', at + 1), given)).path.state
    }
    expect(await path(at - 35 * 24 * HOUR)).toBe('inferred')
    expect(await path(at - 35 * 24 * HOUR - 1)).toBe('missing')
  })
})

describe('several sessions alive at the login', () => {
  const two = [signIn('s1', 'ada', 1_000), signIn('s2', 'ada', 9_999)]

  it('R1.4 are all listed, and the newest is no better than the oldest', async () => {
    const { path, actor } = await chain(read('t1', 20_000), [...two, byPerson(10_000)])
    expect([path.state, path.through, path.candidates]).toEqual([
      'ambiguous',
      undefined,
      [through('s1'), through('s2')],
    ])
    expect(path.links.at(-1)?.candidates).toEqual([through('s1'), through('s2')])
    expect(actor.state).toBe('proven')
  })

  it('R1.4 are narrowed by a sign-in at the declared client, also one of which only the code names it', async () => {
    const login = byPerson(10_000, { issuerClient: 'vault' })
    const { path } = await chain(read('t1', 20_000), [...two, exchange('s1', 1_100), login])
    expect([path.state, path.through]).toEqual(['inferred', through('s1')])
    const late = await chain(read('t1', 20_000), [...two, exchange('s2', 10_001), login])
    expect(late.path.state).toBe('missing')
    const atCallback = { ...login, attributes: { ...login.attributes, exchangesCode: true } }
    const named = await chain(read('t1', 20_000), [...two, exchange('s2', 10_000), atCallback])
    expect([named.path.state, named.path.through]).toEqual(['inferred', through('s2')])
  })

  describe('of which one had its code exchanged', () => {
    const callback = { ...byPerson(10_000, { exchangesCode: true }), completedAt: 10_100 }
    const pathWith = async (...more: Parameters<typeof chain>[1][number][]) =>
      (await chain(read('t1', 20_000), [...two, ...more])).path

    it('R1.4 inside the callback are decided by it, at most inferred', async () => {
      for (const at of [10_000, 10_100]) {
        const path = await pathWith(exchange('s1', at), callback)
        expect([path.state, path.through]).toEqual(['inferred', through('s1')])
      }
    })

    it('R1.4 outside the callback stay ambiguous', async () => {
      for (const at of [9_999, 10_101]) expect((await pathWith(exchange('s1', at), callback)).state).toBe('ambiguous')
    })

    it('R1.4 count an exchange as late as its stamp allows', async () => {
      const early = exchange('s1', 9_500, 'vault', { resolutionMs: 500 })
      expect((await pathWith(early, callback)).through).toBe(through('s1'))
    })

    it('R1.4 stay ambiguous where two codes were exchanged inside it', async () => {
      expect((await pathWith(exchange('s1', 10_010), exchange('s2', 10_020), callback)).state).toBe('ambiguous')
    })

    it('R1.4 stay ambiguous where the exchange failed or the login exchanges no code', async () => {
      const failed = exchange('s1', 10_010, 'vault', { outcome: 'failed' })
      expect((await pathWith(failed, callback)).state).toBe('ambiguous')
      expect((await pathWith(exchange('s1', 10_010), byPerson(10_000))).state).toBe('ambiguous')
    })

    it('R1.4 stay ambiguous where the code was for another client than the declared one', async () => {
      const atVault = [signIn('s1', 'ada', 1_000, 'vault'), signIn('s2', 'ada', 2_000, 'vault')]
      const declared = { ...callback, attributes: { ...callback.attributes, issuerClient: 'vault' } }
      const { path } = await chain(read('t1', 20_000), [...atVault, exchange('s1', 10_010, 'portal'), declared])
      expect(path.state).toBe('ambiguous')
    })

    it('R1.4 stay ambiguous where the login exchanges no code, though its client exchanged one just then', async () => {
      const atVault = [signIn('s1', 'ada', 1_000, 'vault'), signIn('s2', 'ada', 2_000, 'vault')]
      const login = { ...byPerson(10_000, { issuerClient: 'vault' }), completedAt: 10_100 }
      const { path } = await chain(read('t1', 20_000), [...atVault, exchange('s1', 10_010), login])
      expect(path.state).toBe('ambiguous')
    })

    it('R1.4 stay ambiguous where the session presented itself otherwise', async () => {
      const refreshed = exchange('s1', 10_010, 'vault', { kind: 'session-refreshed' })
      expect((await pathWith(refreshed, callback)).state).toBe('ambiguous')
    })
  })
})

describe('a source that may have missed a session', () => {
  const given = [signIn('s1', 'ada', 100_000), byPerson(200_000)]
  const caveats = async (gap: { from: number; to: number }) =>
    (await chain(read('t1', 200_001), given, { sources: sourcesWith('idp', { gaps: [gap] }), sessionMaxMs: 150_000 }))
      .path.caveats

  it('R1.4 by a record that was not interpreted leaves a link ambiguous, too: coverage incomplete', async () => {
    const odd = (at: number) => fact({ factId: 'idp:odd', kind: 'not-interpreted', occurredAt: at, outcome: 'unknown' })
    const pathWith = async (at: number) => (await chain(read('t1', 200_001), [...given, odd(at)], { sessionMaxMs: 150_000 })).path // prettier-ignore
    expect(await pathWith(110_000)).toMatchObject({ state: 'ambiguous', caveats: ['coverage incomplete'] })
    expect(await pathWith(40_000)).toMatchObject({ state: 'inferred', caveats: [] })
  })

  it('R1.4 by a gap anywhere in the window leaves a link ambiguous: coverage incomplete', async () => {
    for (const gap of [
      { from: 0, to: 50_000 },
      { from: 90_000, to: 110_000 },
      { from: 200_000, to: 300_000 },
    ])
      expect(await caveats(gap)).toEqual(['coverage incomplete'])
  })

  it('R1.4 by a gap outside the window leaves the inference', async () => {
    for (const gap of [
      { from: 0, to: 49_999 },
      { from: 200_001, to: 300_000 },
    ])
      expect(await caveats(gap)).toEqual([])
  })

  it('R1.4 by silence at the login, longer than five minutes or than its heartbeat, leaves it ambiguous', async () => {
    const state = async (silentMs: number, heartbeatSeconds?: number) => {
      const sources = sourcesWith('idp', heartbeatSeconds === undefined ? {} : { heartbeatSeconds })
      const facts = [signIn('s1', 'ada', 1_000), byPerson(1_000 + silentMs)]
      const { path } = await chain(read('t1', 2_000_000), facts, { sources })
      return [path.state, path.caveats]
    }
    expect(await state(300_000)).toEqual(['inferred', []])
    expect(await state(300_001)).toEqual(['ambiguous', ['coverage incomplete']])
    expect(await state(60_000, 60)).toEqual(['inferred', []])
    expect(await state(60_001, 60)).toEqual(['ambiguous', ['coverage incomplete']])
  })

  it('R1.4 by silence since a record was received leaves it ambiguous, whatever a clock that was ahead dated the record', async () => {
    const ahead = { ...signIn('s9', 'eva', 9_000_000), heardAt: 2_000 }
    const state = async (at: number) => {
      const { path } = await chain(read('t1', 2_000_000), [signIn('s1', 'ada', 1_000), ahead, byPerson(at)])
      return [path.state, path.caveats]
    }
    expect(await state(302_000)).toEqual(['inferred', []])
    expect(await state(302_001)).toEqual(['ambiguous', ['coverage incomplete']])
  })

  it('R1.4 of any source that records the system leaves it ambiguous, in whatever order they are configured', async () => {
    const other = SOURCES.find(({ id }) => id === 'idp')!
    const state = async (silentMs: number, second: Partial<SourceInstance>) => {
      const heard = { ...signIn('s9', 'eva', 200_000 - silentMs), factId: 'idp-b:s9', source: 'idp-b' }
      const facts = [signIn('s1', 'ada', 100_000), byPerson(200_000), heard]
      const states = await Promise.all(
        [
          [...SOURCES, { ...other, id: 'idp-b', ...second }],
          [{ ...other, id: 'idp-b', ...second }, ...SOURCES],
        ].map(async (sources) => (await chain(read('t1', 200_001), facts, { sources })).path.state),
      )
      expect(new Set(states).size).toBe(1)
      return states[0]
    }
    expect(await state(60_000, {})).toBe('inferred')
    expect(await state(60_000, { gaps: [{ from: 150_000, to: 160_000 }] })).toBe('ambiguous')
    expect(await state(60_001, { heartbeatSeconds: 60 })).toBe('ambiguous')
    expect(await state(-1_000_000, { gaps: [] })).toBe('inferred')
  })

  it('R1.4 caps no link by a minted key', async () => {
    const sources = sourcesWith('idp', { gaps: [{ from: 0, to: 300_000 }] })
    const facts = [signIn('s1', 'ada', 100_000), logIn('t1', 200_000, { session: 's1' })]
    expect((await chain(read('t1', 200_001), facts, { sources })).path).toMatchObject({ state: 'proven', caveats: [] })
  })
})
