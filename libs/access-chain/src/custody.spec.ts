import type { Activity } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { accountLogIn, attempt, attemptEnd, directoryChange, GITHUB, snapshot } from './testing/facts.js'
import { chain, fact, key, logIn, read, signIn, signOut } from './testing/given.js'

const session = signIn('s1', 'ada', 1_000)
const login = logIn('t1', 2_000, { session: 's1' })

/** State of path and actor, with what weakens it. */
async function held(use: Activity, given: readonly Activity[], settings = {}): Promise<unknown[]> {
  const { path, actor } = await chain(use, given, settings)
  return [path.state, actor.state, actor.caveats]
}

describe('custody of a proven actor', () => {
  it('R1.4 ages with the end of the session, after the resolution of its stamp', async () => {
    const ended = { ...signOut('s1', 5_000), resolutionMs: 1_000 }
    expect(await held(read('t1', 6_000), [session, login, ended])).toEqual(['proven', 'proven', []])
    expect(await held(read('t1', 6_001), [session, login, ended])).toEqual([
      'proven',
      'inferred',
      ['custody: session ended'],
    ])
  })

  it('R1.4 ages with the earliest of several ends', async () => {
    const ends = [signOut('s1', 5_000), { ...signOut('s1', 9_000), factId: 'idp:s1:out:again' }]
    expect(await held(read('t1', 6_000), [session, login, ...ends])).toEqual([
      'proven',
      'inferred',
      ['custody: session ended'],
    ])
  })

  it('R1.4 ages with the end of all sessions of the person, of those begun before', async () => {
    const everyEnd = (at: number): Activity =>
      fact({ factId: 'idp:all-out', kind: 'logout', occurredAt: at, groups: [key('person', 'ends', 'person', 'ada')] })
    expect((await held(read('t1', 6_000), [session, login, everyEnd(5_000)]))[1]).toBe('inferred')
    expect((await held(read('t1', 6_000), [session, login, everyEnd(999)]))[1]).toBe('proven')
  })

  it('R1.4 ages with the end of all sessions that the issuer holds, of those begun before', async () => {
    const everyEnd = (at: number): Activity =>
      fact({ factId: 'idp:all-out', kind: 'logout', occurredAt: at, groups: [key('sessions', 'ends', 'idp-sessions', 'all')] }) // prettier-ignore
    expect((await held(read('t1', 6_000), [session, login, everyEnd(5_000)]))[1]).toBe('inferred')
    expect((await held(read('t1', 6_000), [session, login, everyEnd(999)]))[1]).toBe('proven')
  })

  it('R1.4 ages with the account deleted, whatever is said of it afterwards', async () => {
    const gone = directoryChange('ada', 3_000, {}, { deleted: true })
    const after = directoryChange('ada', 4_000, { username: 'ada' })
    expect(await held(read('t1', 6_000), [session, login, gone, after])).toEqual(['proven', 'inferred', ['custody: account deleted']]) // prettier-ignore
  })

  it('R1.4 ages with the declared life of a session of which no end was seen', async () => {
    const declared = logIn('t1', 2_000, { session: 's1' }, { sessionMaxMs: 4_000 })
    expect((await held(read('t1', 5_000), [session, declared]))[1]).toBe('proven')
    expect(await held(read('t1', 5_001), [session, declared])).toEqual([
      'proven',
      'inferred',
      ['custody: session ended'],
    ])
  })

  it('R1.4 ages with the declared life of an inferred session too', async () => {
    const declared = logIn('t1', 2_000, { person: 'ada' }, { sessionMaxMs: 4_000 })
    expect(await held(read('t1', 5_000), [session, declared])).toEqual(['inferred', 'proven', []])
    expect(await held(read('t1', 5_001), [session, declared])).toEqual([
      'inferred',
      'inferred',
      ['custody: session ended'],
    ])
  })

  it('R1.4 ages with the end of one of several sessions that it may have been', async () => {
    const given = [session, signIn('s2', 'ada', 1_500), logIn('t1', 2_000, { person: 'ada' })]
    expect((await held(read('t1', 6_000), given))[1]).toBe('proven')
    expect(await held(read('t1', 6_000), [...given, signOut('s2', 5_000)])).toEqual([
      'ambiguous',
      'inferred',
      ['custody: session ended'],
    ])
  })

  it('R1.4 of an inferred actor is said to have aged only where every session that it may have been ended', async () => {
    const mail = directoryChange('ada', 500, { email: 'ada@acme.example' })
    const given = [mail, session, signIn('s2', 'ada', 1_500), logIn('t1', 2_000, { email: 'ada@acme.example' })]
    expect((await held(read('t1', 6_000), [...given, signOut('s2', 5_000)]))[2]).toEqual([])
    const both = [...given, signOut('s2', 5_000), signOut('s1', 5_000)]
    expect((await held(read('t1', 6_000), both))[2]).toEqual(['custody: session ended'])
  })

  it('R1.4 ages with the end of the session of its own that the login opened', async () => {
    const own = key('issued', 'establishes', 'system-session', 'k1', 'login')
    const opening = { ...login, groups: [own, ...login.groups.filter(({ role }) => role !== 'issued')] }
    const use = { ...read('t1', 6_000), groups: [key('caller', 'presents', 'system-session', 'k1')] }
    const over = (at: number): Activity =>
      fact({ factId: 'vault:over', kind: 'logout', occurredAt: at, groups: [key('session', 'ends', 'system-session', 'k1')] }) // prettier-ignore
    expect(await held(use, [session, opening, over(6_000)])).toEqual(['proven', 'proven', []])
    expect(await held(use, [session, opening, over(5_999)])).toEqual(['proven', 'inferred', ['custody: session ended']])
  })

  it('R1.4 ages with the end of the attempt', async () => {
    const given = [attempt('11', 1, 1_000), logIn('t1', 2_000, { run: '11', attempt: '11/1' }, GITHUB)]
    expect((await held(read('t1', 5_000), [...given, attemptEnd('11', 1, 5_000)]))[1]).toBe('proven')
    expect(await held(read('t1', 5_001), [...given, attemptEnd('11', 1, 5_000)])).toEqual([
      'proven',
      'inferred',
      ['custody: attempt ended'],
    ])
  })

  it('R1.4 does not age by the declared life of sessions where an attempt is behind it', async () => {
    const login = logIn('t1', 2_000, { run: '11', attempt: '11/1' }, { ...GITHUB, sessionMaxMs: 1_000 })
    expect(await held(read('t1', 9_000), [attempt('11', 1, 1_000), login])).toEqual(['proven', 'proven', []])
  })

  it('R1.4 ages with the account disabled or deleted before the use', async () => {
    const locked = directoryChange('ada', 5_000, {}, { enabled: false })
    expect((await held(read('t1', 4_999), [session, login, locked]))[1]).toBe('proven')
    expect(await held(read('t1', 5_000), [session, login, locked])).toEqual([
      'proven',
      'inferred',
      ['custody: account disabled'],
    ])
    const gone = directoryChange('ada', 6_000, {}, { deleted: true })
    expect(await held(read('t1', 6_000), [session, login, locked, gone])).toEqual([
      'proven',
      'inferred',
      ['custody: account deleted'],
    ])
  })

  it('R1.4 stands again where the account was enabled again', async () => {
    const given = [
      session,
      login,
      directoryChange('ada', 3_000, {}, { enabled: false }),
      directoryChange('ada', 4_000, {}, { enabled: true }),
    ]
    expect((await held(read('t1', 5_000), given))[1]).toBe('proven')
  })

  it('R1.10 is not aged by an export of later that shows the account disabled: since when it does not say', async () => {
    const later = snapshot('ada', 9_000, { username: 'ada' }, { enabled: false })
    expect((await held(read('t1', 5_000), [session, login, later]))[1]).toBe('proven')
    expect((await held(read('t1', 9_000), [session, login, later]))[2]).toEqual(['custody: account disabled'])
  })

  it('R1.4 ages with another address than that of the login', async () => {
    const from = logIn('t1', 2_000, { session: 's1' }, { address: '10.0.0.1' })
    expect((await held(read('t1', 3_000, { address: '10.0.0.1' }), [session, from]))[1]).toBe('proven')
    expect((await held(read('t1', 3_000), [session, from]))[1]).toBe('proven')
    expect(await held(read('t1', 3_000, { address: '10.0.0.2' }), [session, from])).toEqual([
      'proven',
      'inferred',
      ['custody: address differs'],
    ])
  })

  it('R1.4 ages with the bound for tokens; by default there is none', async () => {
    const year = 365 * 86_400_000
    expect((await held(read('t1', year), [session, login]))[1]).toBe('proven')
    expect((await held(read('t1', 3_000), [session, login], { custodyMaxMs: 1_000 }))[1]).toBe('proven')
    expect(await held(read('t1', 3_001), [session, login], { custodyMaxMs: 1_000 })).toEqual([
      'proven',
      'inferred',
      ['custody: token outlived its bound'],
    ])
  })

  it('R1.4 is refuted by a dead token: refused, it authenticated nobody', async () => {
    expect(await held(read('t1', 3_000, { refusedAsDead: true }), [session, login])).toEqual([
      'proven',
      'inferred',
      ['used after end'],
    ])
  })

  it('R1.4 says all that weakens it', async () => {
    const from = logIn('t1', 2_000, { session: 's1' }, { address: '10.0.0.1' })
    const use = read('t1', 6_000, { address: '10.0.0.2' })
    expect((await held(use, [session, from, signOut('s1', 5_000)]))[2]).toEqual([
      'custody: session ended',
      'custody: address differs',
    ])
  })
})

describe('custody between two clocks', () => {
  // The provider's clock is 3 s ahead of the vault's.
  const pair = [signIn('pair', 'eva', 5_000), logIn('pair', 2_000, { session: 'pair' })]

  it('R1.4 compares ends after their difference', async () => {
    const given = [...pair, session, login, signOut('s1', 50_000)]
    expect((await held(read('t1', 47_000), given))[1]).toBe('proven')
    expect((await held(read('t1', 47_001), given))[2]).toEqual(['custody: session ended'])
  })

  it('R1.4 is not aged by a candidate that most likely was over at the login already', async () => {
    const close = [signIn('near', 'eva', 499_000), logIn('near', 500_000, { session: 'near' })]
    const two = [signIn('s1', 'ada', 400_000), signIn('s2', 'ada', 400_000), signOut('s1', 499_500)]
    const given = [...close, ...two, logIn('t1', 500_000, { person: 'ada' })]
    expect(await held(read('t1', 500_100), given)).toEqual(['ambiguous', 'proven', []])
  })

  it('R1.4 compares the account’s end after their difference', async () => {
    const given = [...pair, session, login, directoryChange('ada', 50_000, {}, { enabled: false })]
    expect((await held(read('t1', 46_999), given))[1]).toBe('proven')
    expect((await held(read('t1', 47_000), given))[2]).toEqual(['custody: account disabled'])
  })
})

describe('custody where nobody is attributed', () => {
  it('R1.4 adds nothing', async () => {
    const given = [accountLogIn('t1', 'fleet', 2_000, { sharedIdentity: 'approle:fleet', address: '10.0.0.1' })]
    expect(await held(read('t1', 3_000, { address: '10.0.0.2' }), given)).toEqual(['proven', 'missing', []])
  })
})
