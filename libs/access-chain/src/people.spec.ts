import { mergeAll, type Activity } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { directoryChange, named, snapshot } from './testing/facts.js'
import { chain, key, logIn, read, signIn } from './testing/given.js'

const MAIL = 'ada@acme.example'

/** Who the actor of a login is, by claims, among these facts of the provider. */
async function actor(claims: Record<string, string>, at: number, ...given: readonly Activity[]): Promise<unknown> {
  const found = (await chain(read('t1', at + 1), [...given, logIn('t1', at, claims)])).actor
  if (found.kind === 'attributed') return `${found.state} ${found.principal.key.split(':').at(-1) ?? ''}`
  return found.kind === 'ambiguous' ? found.candidates.map((one) => one.key.split(':').at(-1)) : found.reason
}

/** A sign-in under a login name that no directory tells of. */
function signInAs(name: string, person: string, at: number): Activity {
  const fact = signIn(`s-${person}`, person, at)
  return { ...fact, groups: [...fact.groups, key('person-name', 'binds', 'person-name', name)] }
}

describe('an immutable subject', () => {
  it('R1.4 proves the person, though the directory knows nothing', async () => {
    expect(await actor({ person: 'u1' }, 5_000)).toBe('proven u1')
  })

  it('R1.4 beats an e-mail address and a login name of somebody else', async () => {
    const other = directoryChange('u2', 1_000, { email: MAIL, username: 'ada' })
    expect(await actor({ person: 'u1', email: MAIL, name: 'ada' }, 5_000, other)).toBe('proven u1')
  })

  it('R1.4 on which observers disagree is ambiguous, both listed', async () => {
    const login = logIn('t1', 5_000, { person: 'u1' })
    const groups = login.groups.map((group) => (group.role === 'federated-person' ? named(group, 'u2') : group))
    const found = (await chain(read('t1', 5_001), [{ ...login, groups }])).actor
    expect(found.kind === 'ambiguous' && found.candidates.map(({ name }) => name)).toEqual(['u1', 'u2'])
  })
})

describe('an e-mail address or a login name', () => {
  const entry = directoryChange('u1', 1_000, { email: MAIL, username: 'ada' })

  it('R1.4 on which observers disagree leaves everybody whom they tell of, and never the first alone', async () => {
    const other = directoryChange('u2', 1_000, { email: 'ben@acme.example', username: 'ben' })
    const tell = (...claims: Record<string, string>[]) => mergeAll(claims.map((each) => logIn('t1', 5_000, each)))
    for (const claim of [
      [{ email: MAIL }, { email: 'ben@acme.example' }],
      [{ name: 'ada' }, { name: 'ben' }],
      [{ name: 'ada', email: MAIL }, { email: 'ben@acme.example' }],
    ]) {
      const login = tell(...claim)
      const sessions = [signIn('s1', 'u1', 4_000), signIn('s2', 'u2', 4_000)]
      const { path, actor } = await chain(read('t1', 5_001), [entry, other, ...sessions, login])
      const candidates = actor.kind === 'ambiguous' && actor.candidates.map(({ name }) => name)
      expect([path.state, candidates]).toEqual(['ambiguous', ['ada', 'ben']])
      const alone = await chain(read('t1', 5_001), [entry, sessions[0]!, login])
      expect([alone.path.state, alone.actor.state]).toEqual(['ambiguous', 'ambiguous'])
    }
  })

  it('R1.4 infers whom the directory gives it, whatever its case there', async () => {
    expect(await actor({ email: MAIL }, 5_000, entry)).toBe('inferred u1')
    expect(await actor({ name: 'ada' }, 5_000, entry)).toBe('inferred u1')
    const written = { ...entry, attributes: { ...entry.attributes, email: 'Ada@Acme.Example' } }
    expect(await actor({ email: MAIL }, 5_000, written)).toBe('inferred u1')
  })

  it('R1.4 that two people have is ambiguous, both listed', async () => {
    const other = directoryChange('u2', 2_000, { email: MAIL })
    expect(await actor({ email: MAIL }, 5_000, entry, other)).toEqual(['u1', 'u2'])
  })

  it('R1.4 together name the one person who has both', async () => {
    const other = directoryChange('u2', 2_000, { email: MAIL, username: 'other' })
    expect(await actor({ email: MAIL, name: 'ada' }, 5_000, entry, other)).toBe('inferred u1')
  })

  it('R1.4 of two different people are ambiguous', async () => {
    const other = directoryChange('u2', 2_000, { email: 'ben@acme.example', username: 'ben' })
    expect(await actor({ email: MAIL, name: 'ben' }, 5_000, entry, other)).toEqual(['u1', 'u2'])
  })

  it('R1.4 of which the directory knows one are that one’s', async () => {
    expect(await actor({ email: MAIL, name: 'nobody' }, 5_000, entry)).toBe('inferred u1')
  })

  it('R1.4 that nobody has names nobody', async () => {
    expect(await actor({ email: 'x@acme.example' }, 5_000, entry)).toBe('gap in the source')
  })

  it('R1.4 stay with their owner of the time: a rename and a recycled name move no history', async () => {
    const given = [
      entry,
      directoryChange('u1', 5_000, { email: 'lovelace@acme.example', username: 'ada' }),
      directoryChange('u2', 7_000, { email: MAIL, username: 'adam' }, { created: true }),
    ]
    expect(await actor({ email: MAIL }, 4_999, ...given)).toBe('inferred u1')
    expect(await actor({ email: MAIL }, 5_000, ...given)).toBe('gap in the source')
    expect(await actor({ email: MAIL }, 7_000, ...given)).toBe('inferred u2')
    expect(await actor({ email: 'lovelace@acme.example' }, 8_000, ...given)).toBe('inferred u1')
  })

  it('R1.4 end with the deletion of the user; the same address later is another person', async () => {
    const given = [
      entry,
      directoryChange('u1', 5_000, {}, { deleted: true }),
      directoryChange('u2', 7_000, { email: MAIL }, { created: true }),
    ]
    expect(await actor({ email: MAIL }, 4_999, ...given)).toBe('inferred u1')
    expect(await actor({ email: MAIL }, 5_000, ...given)).toBe('gap in the source')
    expect(await actor({ email: MAIL }, 8_000, ...given)).toBe('inferred u2')
  })

  it('R1.4 belong to nobody before the user was created', async () => {
    const created = directoryChange('u1', 5_000, { email: MAIL }, { created: true })
    expect(await actor({ email: MAIL }, 4_999, created, signIn('s9', 'eva', 1_000))).toBe('gap in the source')
    const told = snapshot('u1', 9_000, { email: MAIL }, { createdAt: 5_000 })
    expect(await actor({ email: MAIL }, 4_999, told, signIn('s9', 'eva', 1_000))).toBe('gap in the source')
    expect(await actor({ email: MAIL }, 5_000, told)).toBe('inferred u1')
  })

  it('R1.10 are read back from an export of later, until a change says otherwise', async () => {
    const june = snapshot('u1', 9_000, { email: MAIL })
    expect(await actor({ email: MAIL }, 1_000, june)).toBe('inferred u1')
    const change = directoryChange('u1', 5_000, { email: MAIL })
    const before = directoryChange('u1', 500, { email: 'old@acme.example' })
    expect(await actor({ email: MAIL }, 1_000, before, change, june)).toBe('gap in the source')
  })

  it('R1.10 are read back past a change that says nothing of them', async () => {
    const june = snapshot('u1', 9_000, { email: MAIL })
    const silent = directoryChange('u1', 1_000, {}, { enabled: true })
    expect(await actor({ email: MAIL }, 5_000, silent, june)).toBe('inferred u1')
  })

  it('R1.10 are read back from the first change that is known, which is no creation', async () => {
    const change = directoryChange('u1', 5_000, { email: MAIL }, { enabled: false })
    const found = await chain(read('t1', 2_000), [change, logIn('t1', 1_000, { email: MAIL })])
    expect(found.actor).toMatchObject({ state: 'inferred', caveats: [] })
  })

  it('R1.10 are taken from the export nearest before', async () => {
    const given = [snapshot('u1', 1_000, { email: 'old@acme.example' }), snapshot('u1', 9_000, { email: MAIL })]
    expect(await actor({ email: 'old@acme.example' }, 8_999, ...given, signIn('s9', 'eva', 8_000))).toBe('inferred u1')
    expect(await actor({ email: MAIL }, 8_999, ...given, signIn('s9', 'eva', 8_000))).toBe('gap in the source')
    expect(await actor({ email: MAIL }, 9_000, ...given, signIn('s9', 'eva', 8_000))).toBe('inferred u1')
  })

  it('R1.10 stated before beat what is only read back from later', async () => {
    const stated = directoryChange('u1', 1_000, { email: MAIL })
    const later = snapshot('u2', 9_000, { email: MAIL })
    expect(await actor({ email: MAIL }, 5_000, stated, later)).toBe('inferred u1')
  })

  it('R1.4 name nobody where they changed hands between what two clocks allow', async () => {
    // The provider's clock is 2 to 4 s ahead of the vault's.
    const pair = [signIn('pair', 'eva', 502_000), logIn('pair', 500_000, { session: 'pair' })]
    const changing = (at: number): Activity[] => [
      directoryChange('u1', 1_000, { email: MAIL }),
      directoryChange('u1', at, { email: 'new@acme.example' }),
    ]
    expect(await actor({ email: MAIL }, 500_000, ...pair, ...changing(503_000))).toBe('gap in the source')
    expect(await actor({ email: MAIL }, 500_000, ...pair, ...changing(504_001))).toBe('inferred u1')
  })
})

describe('a login name that no directory knows', () => {
  it('R1.4 is whose sign-in under it was alive at the login', async () => {
    expect(await actor({ name: 'ada' }, 5_000, signInAs('ada', 'u1', 1_000))).toBe('inferred u1')
    expect(await actor({ name: 'ada' }, 5_000, signInAs('ada', 'u1', 1_000), signInAs('ada', 'u2', 2_000))).toEqual([
      'u1',
      'u2',
    ])
  })

  it('R1.4 is nobody’s where the sign-in was later, or longer ago than a session lives', async () => {
    expect(await actor({ name: 'ada' }, 5_000, signInAs('ada', 'u1', 5_001))).toBe('before its coverage')
    const other = signIn('s9', 'eva', 36_005_000)
    expect(await actor({ name: 'ada' }, 36_005_001, signInAs('ada', 'u1', 5_000), other)).toBe('gap in the source')
    expect(await actor({ name: 'ada' }, 36_005_000, signInAs('ada', 'u1', 5_000), other)).toBe('inferred u1')
  })
})

describe('a principal', () => {
  it('R1.4 has the name of the login, not one of later', async () => {
    const given = [
      directoryChange('u1', 1_000, { username: 'ada' }),
      directoryChange('u1', 9_000, { username: 'lovelace' }),
      logIn('t1', 5_000, { person: 'u1' }),
      logIn('t2', 9_500, { person: 'u1' }),
    ]
    expect((await chain(read('t1', 10_000), given)).actor).toMatchObject({ principal: { kind: 'person', name: 'ada' } })
    expect((await chain(read('t2', 10_000), given)).actor).toMatchObject({ principal: { name: 'lovelace' } })
  })

  it('R1.4 that stands in no directory has the name of the sign-in, else its key', async () => {
    const signedIn = { ...signIn('s1', 'u1', 1_000), attributes: { username: 'ada' } }
    const given = [signedIn, logIn('t1', 5_000, { session: 's1' })]
    expect((await chain(read('t1', 6_000), given)).actor).toMatchObject({ principal: { name: 'ada' } })
    const nameless = [{ ...signedIn, attributes: {} }, logIn('t1', 5_000, { session: 's1' })]
    expect((await chain(read('t1', 6_000), nameless)).actor).toMatchObject({ principal: { name: 'u1' } })
  })
})
