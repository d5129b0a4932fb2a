import { describe, expect, it } from '@jest/globals'
import { chain, create, logIn, read, signIn, signOut, SOURCES } from './testing/given.js'

describe('a login that presents its session', () => {
  const given = [signIn('s1', 'ada', 1_000), logIn('t1', 2_000, { session: 's1' })]

  it('R1.4 proves path and person', async () => {
    const { path, actor } = await chain(read('t1', 3_000), given)
    expect([path.state, path.through, actor.state]).toEqual(['proven', 'idp-session:keycloak/acme:s1', 'proven'])
  })

  it('R1.4 keeps the path and no longer proves the person after the session ended', async () => {
    const { path, actor, findings } = await chain(read('t1', 9_000), [...given, signOut('s1', 5_000)])
    expect([path.state, actor.state, actor.caveats]).toEqual(['proven', 'inferred', ['custody: session ended']])
    expect(findings.map(({ kind }) => kind)).toEqual(['late use'])
  })

  it('R1.4 falls to no other session where its own was not recorded', async () => {
    const { path } = await chain(read('t2', 3_000), [...given, logIn('t2', 2_500, { session: 'lost', person: 'ada' })])
    expect(path.state).toBe('missing')
  })

  it('R1.4 is ambiguous where two sign-ins disagree on its person', async () => {
    const { path, actor, findings } = await chain(read('t1', 3_000), [...given, signIn('s1', 'ben', 1_500, 'other')])
    expect([path.state, actor.state]).toEqual(['ambiguous', 'ambiguous'])
    expect(findings.map(({ kind }) => kind)).toContain('establishers disagree')
  })
})

describe('a login that presents its person alone', () => {
  const login = logIn('t1', 5_000, { person: 'ada' })

  it('R1.4 infers the one session alive and reports two as two', async () => {
    const one = await chain(read('t1', 6_000), [signIn('s1', 'ada', 1_000), login])
    expect([one.path.state, one.actor.state]).toEqual(['inferred', 'proven'])
    const two = await chain(read('t1', 6_000), [signIn('s1', 'ada', 1_000), signIn('s2', 'ada', 4_999), login])
    expect(two.path.candidates.map((key) => key.slice(-2))).toEqual(['s1', 's2'])
  })

  it('R1.4 infers nothing where a declared gap may hide another session', async () => {
    const sources = SOURCES.map((source) => ({
      ...source,
      gaps: source.id === 'idp' ? [{ from: 2_000, to: 3_000 }] : [],
    }))
    const { path } = await chain(read('t1', 6_000), [signIn('s1', 'ada', 1_000), login], { sources })
    expect([path.state, path.caveats]).toEqual(['ambiguous', ['coverage incomplete']])
  })

  it('R1.4 counts only sessions that signed in at the declared client before', async () => {
    const declared = logIn('t1', 5_000, { person: 'ada' }, { issuerClient: 'vault' })
    const given = [signIn('s1', 'ada', 1_000), signIn('s2', 'ada', 2_000, 'vault'), signIn('s1', 'ada', 9_000, 'vault')]
    expect((await chain(read('t1', 6_000), [...given, declared])).path.through).toBe('idp-session:keycloak/acme:s2')
  })
})

describe('a token', () => {
  const given = [signIn('s1', 'ada', 1_000), logIn('t1', 2_000, { session: 's1' })]

  it('R1.4 made for another proves its authority and names no holder', async () => {
    const { path, actor } = await chain(read('t3', 5_000), [
      ...given,
      create('t2', 't1', 3_000),
      create('t3', 't2', 4_000),
    ])
    expect([path.state, path.links.length, actor.kind === 'missing' && actor.reason]).toEqual([
      'proven',
      4,
      'bearer handed over',
    ])
  })

  it('R1.4 that two requests claim to have made is ambiguous, with both sources of authority', async () => {
    const other = [signIn('s2', 'ben', 1_000), logIn('t2', 2_000, { session: 's2' })]
    const makers = [create('t9', 't1', 3_000), create('t9', 't2', 3_000)]
    const { path } = await chain(read('t9', 5_000), [...given, ...other, ...makers])
    expect([path.state, path.candidates.length]).toEqual(['ambiguous', 2])
  })

  it('R1.4 in a cycle is followed once', async () => {
    const { path } = await chain(read('t1', 5_000), [create('t1', 't2', 1_000), create('t2', 't1', 2_000)])
    expect([path.state, path.links.at(-1)?.words]).toEqual(['missing', 'the tokens made each other: a cycle'])
  })

  it('R1.4 refused as dead keeps its path, and its holder is at most inferred', async () => {
    const { path, actor } = await chain(read('t1', 5_000, { refusedAsDead: true }), given)
    expect([path.state, actor.state, actor.caveats]).toEqual(['proven', 'inferred', ['used after end']])
  })

  it('R1.4 that is dead and was root once ends at the shared identity', async () => {
    const { path, actor } = await chain(read('r', 5_000, { refusedAsDead: true }), [
      read('r', 1_000, { callerOrigin: 'root' }),
    ])
    expect([path.state, actor.kind === 'missing' && actor.shared]).toEqual(['proven', 'root'])
  })
})
