import { describe, expect, it } from '@jest/globals'
import { directoryChange, revoke, underEntity, unwrap, wrap } from './testing/facts.js'
import { chain, fact, key, logIn, read, signIn, signOut } from './testing/given.js'

const session = signIn('s1', 'ada', 1_000)
const given = [session, logIn('t1', 2_000, { session: 's1' })]

async function kinds(...args: Parameters<typeof chain>): Promise<string[]> {
  return (await chain(...args)).findings.map(({ kind }) => kind)
}

describe('a finding', () => {
  it('R1.4 tells of observers that disagree on anything but hashes and write times', async () => {
    const conflicting = { ...read('t1', 3_000), conflicts: ['path'] }
    expect((await chain(conflicting, given)).findings).toMatchObject([
      { kind: 'observers disagree', words: 'observers of this request disagree on path' },
    ])
    const denied = { ...read('t1', 3_000), outcome: 'denied' as const, positions: [2] }
    expect(await kinds(read('t1', 3_000), [...given, denied])).toEqual(['observers disagree'])
    expect(await kinds(read('t1', 3_000), given)).toEqual([])
  })

  it('R1.4 tells of a wrapping that was opened a second time', async () => {
    const first = unwrap('w1', 't1', 4_000)
    const second = unwrap('w1', 't1', 5_000, { outcome: 'denied' })
    expect(await kinds(second, [...given, wrap('w1', 't1', 3_000), first])).toEqual(['failed unwrap'])
    expect(await kinds(first, [...given, wrap('w1', 't1', 3_000), second])).toEqual([])
    expect(await kinds({ ...read('t1', 5_000), outcome: 'denied' }, given)).toEqual([])
  })

  it('R1.4 tells of a token used after it was revoked; its link stands', async () => {
    const ended = revoke('t1', 4_000, { completedAt: 4_010 })
    const { path, findings, callerEnd } = await chain(read('t1', 4_011), [...given, ended])
    expect([path.state, callerEnd?.how, findings.map(({ kind }) => kind)]).toEqual([
      'proven',
      'revoked',
      ['used after end'],
    ])
    expect(await kinds(read('t1', 4_010), [...given, ended])).toEqual([])
  })

  it('R1.4 tells of no use after an end that only may be the token’s', async () => {
    const login = logIn('t1', 2_000, { session: 's1' }, { path: 'auth/jwt/login', issuedTtlSeconds: 60 })
    const groups = [key('path', 'ends', 'vault-token-path', 'auth/jwt/login')]
    const line = fact({ factId: 'vault:log', kind: 'lease-ended', occurredAt: 62_000, groups })
    const { callerEnd, findings } = await chain(read('t1', 62_100), [session, login, line])
    expect([callerEnd?.at, callerEnd?.state, findings]).toEqual([62_000, 'ambiguous', []])
  })

  it('R1.4 tells once of a dead token that was refused', async () => {
    const use = { ...read('t1', 5_000, { refusedAsDead: true }), outcome: 'denied' as const }
    expect(await kinds(use, [...given, revoke('t1', 4_000)])).toEqual(['used after end'])
  })

  it('R1.4 tells a late use of a token from a session presented after its end', async () => {
    expect(await kinds(read('t1', 9_000), [...given, signOut('s1', 5_000)])).toEqual(['late use'])
    expect(await kinds(read('t1', 9_000), [...given, signOut('s1', 1_500)])).toEqual(['used after end'])
    expect(await kinds(read('t1', 5_000), [...given, signOut('s1', 5_000)])).toEqual([])
  })

  it('R1.4 tells no late use where the session was one of several', async () => {
    const two = [signIn('s1', 'ada', 1_000), signIn('s2', 'ada', 1_500), signOut('s1', 5_000)]
    expect(await kinds(read('t1', 9_000), [...two, logIn('t1', 2_000, { person: 'ada' })])).toEqual([])
  })
})

describe('an identity of the vault that outlived its user', () => {
  const mail = 'ada@acme.example'
  const person = (deletedAt: number) => [
    directoryChange('ada', 500, { email: mail, username: 'ada' }),
    directoryChange('ada', deletedAt, {}, { deleted: true }),
  ]
  const login = underEntity(logIn('t1', 5_000, { email: mail }), 'ada')

  it('R1.4 is a finding where the provider had deleted the user whose name it serves', async () => {
    expect((await chain(read('t1', 6_000), [...person(5_000), login])).findings).toMatchObject([
      { kind: 'identity outlived its user', words: expect.stringContaining('ada was deleted') },
    ])
    expect(await kinds(read('t1', 6_000), [...person(5_001), login])).toEqual([])
  })

  it('R1.4 is a finding by login name too, and none without an entity or a name', async () => {
    const named = underEntity(logIn('t1', 5_000, { name: 'ada' }), 'ada')
    expect(await kinds(read('t1', 6_000), [...person(4_000), named])).toEqual(['identity outlived its user'])
    expect(await kinds(read('t1', 6_000), [...person(4_000), logIn('t1', 5_000, { email: mail })])).toEqual([])
    const nameless = underEntity(logIn('t1', 5_000, { person: 'ben' }), 'ada')
    expect(await kinds(read('t1', 6_000), [...person(4_000), nameless])).toEqual([])
  })

  it('R1.4 is judged on the clock of the provider', async () => {
    // The provider's clock is 3 s ahead: its 8,000 is the vault's 5,000.
    const pair = [signIn('pair', 'eva', 5_000), logIn('pair', 2_000, { session: 'pair' })]
    expect(await kinds(read('t1', 6_000), [...pair, ...person(8_000), login])).toEqual(['identity outlived its user'])
    expect(await kinds(read('t1', 6_000), [...pair, ...person(8_001), login])).toEqual([])
  })
})
