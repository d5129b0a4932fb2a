import type { Activity, Attributes } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { accountLogIn, attempt, directoryChange, GITHUB, joined, underAccount, underEntity } from './testing/facts.js'
import { chain, create, fact, key, logIn, read, signIn, signOut, sourcesWith } from './testing/given.js'

const MAIL = 'ada@acme.example'
const ada = directoryChange('ada', 500, { email: MAIL, username: 'ada' })

describe('the actor behind a proven session', () => {
  it('R1.4 is its person, proven, on the positions of the login and the sign-in', async () => {
    const given = [
      { ...signIn('s1', 'ada', 1_000), positions: [2] },
      { ...logIn('t1', 2_000, { session: 's1' }), positions: [3] },
    ]
    const { actor } = await chain(read('t1', 3_000), given)
    expect(actor).toMatchObject({ state: 'proven', principal: { key: 'person:keycloak/acme:ada' }, evidence: [2, 3] })
    expect(actor.caveats).toEqual([])
  })

  it('R1.6 that somebody was given by impersonation is missing: bearer handed over', async () => {
    const given = signIn('s1', 'ada', 1_000)
    const groups = given.groups.map((group) =>
      group.role === 'session' ? { ...group, by: 'handover' as const } : group,
    )
    const login = logIn('t1', 2_000, { session: 's1', person: 'ada' })
    const { path, actor } = await chain(read('t1', 3_000), [{ ...given, groups }, login])
    expect([path.state, actor]).toMatchObject(['proven', { state: 'missing', reason: 'bearer handed over' }])
  })

  it('R1.4 is by its claims where its sign-in binds nobody', async () => {
    const unbound = signIn('s1', 'ada', 1_000)
    const given = [{ ...unbound, groups: unbound.groups.slice(0, 1) }, ada]
    const { path, actor } = await chain(read('t1', 3_000), [
      ...given,
      logIn('t1', 2_000, { session: 's1', email: MAIL }),
    ])
    expect([path.state, actor.state]).toEqual(['proven', 'inferred'])
  })
})

describe('the name of a person', () => {
  const named = { ...directoryChange('ada', 500, { username: 'ada' }), positions: [3] }
  const behind = (...given: Activity[]) => chain(read('t1', 3_000), given)
  const nameless = { ...signIn('s1', 'ada', 1_000), attributes: {}, positions: [4] }
  const login = { ...logIn('t1', 2_000, { session: 's1' }), positions: [5] }

  it('R7.3 R1.4 rests on the record of the directory that tells it, beside those that prove the person', async () => {
    const { actor } = await behind(named, nameless, login)
    expect(actor).toMatchObject({ state: 'proven', principal: { name: 'ada' }, evidence: [3, 4, 5] })
  })

  it('R7.3 rests on no other statement of the directory than the one that held at the login', async () => {
    const renamed = { ...directoryChange('ada', 1_500, { username: 'ada.l' }), positions: [6] }
    const later = { ...directoryChange('ada', 2_500, { username: 'a.lovelace' }), positions: [7] }
    const { actor } = await behind(named, renamed, later, nameless, login)
    expect(actor).toMatchObject({ principal: { name: 'ada.l' }, evidence: [4, 5, 6] })
  })

  it('R7.3 rests on nothing more where no record tells it', async () => {
    expect((await behind(nameless, login)).actor.evidence).toEqual([4, 5])
  })

  it('R7.3 rests on it for an account that an operator joined to the person', async () => {
    const account = { ...underAccount(accountLogIn('t1', 'ops', 2_000), 'ops'), positions: [5] }
    const { actor } = await behind(named, account, { ...joined('ops', 'ada', 9_000), positions: [8] })
    expect(actor).toMatchObject({ principal: { name: 'ada' }, evidence: [3, 5, 8] })
  })
})

describe('the actor behind a session that came from a login', () => {
  // A desk took ada's sign-in for one of session s0, which is ben's.
  const { groups, ...desk } = signIn('s1', 'ada', 1_000)
  const throughDesk = (attributes: Attributes = {}): Activity => ({
    ...desk,
    groups: [
      ...groups,
      key('issued', 'establishes', 'agent-call', 'd1', 'login'),
      key('federated-session', 'presents', 'idp-session', 's0'),
    ],
    attributes: { origin: 'federated', issuer: 'keycloak/acme', ...attributes },
  })
  const given = [signIn('s0', 'ben', 500), ada]

  it('R1.4 is no surer than each session on the way', async () => {
    const byName = [throughDesk(), ...given, logIn('t1', 2_000, { email: MAIL })]
    const { path, actor } = await chain(read('t1', 3_000), byName)
    expect([path.state, actor]).toMatchObject(['inferred', { state: 'inferred', principal: { name: 'ben' } }])
    const minted = [throughDesk(), ...given, logIn('t1', 2_000, { session: 's1' })]
    expect((await chain(read('t1', 3_000), minted)).actor).toMatchObject({
      state: 'proven',
      principal: { name: 'ben' },
    })
  })

  it('R1.4 is the agent whose session that was, as sure as each session on the way', async () => {
    const bot = signIn('s0', 'ben', 500)
    const agents = [{ ...bot, groups: [...bot.groups, key('holder', 'binds', 'agent', 'bot')] }, ada]
    for (const [claims, state] of [
      [{ session: 's1' }, 'proven'],
      [{ email: MAIL }, 'inferred'],
    ] as const) {
      const { actor } = await chain(read('t1', 3_000), [throughDesk(), ...agents, logIn('t1', 2_000, claims)])
      expect(actor).toMatchObject({ state, principal: { kind: 'agent', name: 'bot' } })
    }
  })

  it('R1.4 ages with the end of each session on the way', async () => {
    const minted = [throughDesk(), ...given, logIn('t1', 2_000, { session: 's1' })]
    for (const session of ['s0', 's1']) {
      const { actor } = await chain(read('t1', 3_000), [...minted, signOut(session, 2_500)])
      expect(actor).toMatchObject({ state: 'inferred', caveats: ['custody: session ended'] })
    }
  })

  it('R1.6 is missing where many hold an identity on the way', async () => {
    for (const [nearest, behind] of [
      [{ sharedIdentity: 'fleet' }, {}],
      [{}, { sharedIdentity: 'fleet' }],
    ]) {
      const login = logIn('t1', 2_000, { session: 's1' }, nearest)
      const { actor } = await chain(read('t1', 3_000), [throughDesk(behind), ...given, login])
      expect(actor).toMatchObject({ reason: 'shared identity', shared: 'fleet' })
    }
  })
})

describe('the actor behind claims', () => {
  const two = [signIn('s1', 'ada', 1_000), signIn('s2', 'ada', 1_500)]

  it('R1.4 is proven by an immutable subject, whether its session is inferred, ambiguous or missing', async () => {
    for (const [given, state] of [
      [two.slice(0, 1), 'inferred'],
      [two, 'ambiguous'],
      [[], 'missing'],
    ] as const) {
      const { path, actor } = await chain(read('t1', 3_000), [...given, logIn('t1', 2_000, { person: 'ada' })])
      expect([path.state, actor.state]).toEqual([state, 'proven'])
    }
  })

  it('R1.4 is inferred where several candidates are of one person known by name', async () => {
    const { path, actor } = await chain(read('t1', 3_000), [...two, ada, logIn('t1', 2_000, { email: MAIL })])
    expect([path.state, actor.state]).toEqual(['ambiguous', 'inferred'])
  })

  it('R1.4 is at most inferred by name also where the session presented was lost', async () => {
    const login = logIn('t1', 2_000, { session: 'lost', email: MAIL })
    const { path, actor } = await chain(read('t1', 3_000), [ada, login])
    expect([path.state, actor]).toMatchObject(['missing', { state: 'inferred', principal: { name: 'ada' } }])
  })

  it('R1.4 rests on the records of its name and of its login', async () => {
    const given = [
      { ...ada, positions: [1] },
      { ...logIn('t1', 2_000, { email: MAIL }), positions: [5] },
    ]
    expect((await chain(read('t1', 3_000), given)).actor.evidence).toEqual([1, 5])
  })
})

describe('the actor behind a CI run', () => {
  const started = attempt('11', 1, 1_000, { initiator: 'greta' })

  it('R1.7 is the attempt, a workload, not whoever set it off', async () => {
    const given = [started, logIn('t1', 2_000, { run: '11', attempt: '11/1' }, GITHUB)]
    const { actor } = await chain(read('t1', 3_000), given)
    expect(actor).toMatchObject({ state: 'proven', principal: { kind: 'workload', name: 'acme/shop run 11/1' } })
  })

  it('R1.4 is one of several attempts, all listed', async () => {
    const given = [started, attempt('11', 2, 1_500), logIn('t1', 2_000, { repository: '7' }, GITHUB)]
    const { actor } = await chain(read('t1', 3_000), given)
    expect(actor.kind === 'ambiguous' && actor.candidates.map(({ name }) => name)).toEqual([
      'acme/shop run 11/1',
      'acme/shop run 11/2',
    ])
  })

  it('R1.4 is ambiguous where another attempt may have been missed, though only one is known', async () => {
    const sources = sourcesWith('ci', { gaps: [{ from: 0, to: 500 }] })
    const given = [started, logIn('t1', 2_000, { repository: '7' }, GITHUB)]
    const { actor } = await chain(read('t1', 3_000), given, { sources })
    expect(actor.kind === 'ambiguous' && actor.candidates.map(({ name }) => name)).toEqual(['acme/shop run 11/1'])
  })

  it('R1.4 is missing where the attempt is not recorded: a repository is nobody', async () => {
    const login = logIn('t1', 2_000, { run: '12', attempt: '12/1', repository: '7' }, GITHUB)
    expect((await chain(read('t1', 3_000), [started, login])).actor).toMatchObject({
      state: 'missing',
      reason: 'gap in the source',
    })
  })
})

describe('a shared identity', () => {
  it('R1.3 R1.6 is named as what it is, and no person is guessed behind an account', async () => {
    const login = accountLogIn('t1', 'fleet', 2_000, { sharedIdentity: 'approle:fleet' })
    const joined = underEntity(logIn('t2', 1_500, { person: 'ada' }), 'fleet')
    const { path, actor } = await chain(read('t1', 3_000), [login, joined])
    expect([path.state, actor]).toMatchObject([
      'proven',
      { state: 'missing', reason: 'shared identity', shared: 'approle:fleet' },
    ])
  })

  it('R1.6 stays shared behind a federated login, and gives nobody’s authority on', async () => {
    const login = logIn('t1', 2_000, { session: 's1' }, { sharedIdentity: 'oidc:kiosk' })
    const given = [signIn('s1', 'ada', 1_000), login, create('t2', 't1', 2_500)]
    expect((await chain(read('t1', 3_000), given)).actor).toMatchObject({ state: 'missing', shared: 'oidc:kiosk' })
    const { actor } = await chain(read('t2', 3_000), given)
    expect(actor).toMatchObject({ state: 'missing', reason: 'bearer handed over' })
    expect(actor).not.toHaveProperty('authority')
  })
})

describe('a token handed over', () => {
  it('R1.4 carries the authority of its giver and names no holder', async () => {
    const given = [signIn('s1', 'ada', 1_000), logIn('t1', 2_000, { session: 's1' }), create('t2', 't1', 2_500)]
    expect((await chain(read('t2', 3_000), given)).actor).toMatchObject({
      state: 'missing',
      reason: 'bearer handed over',
      authority: { name: 'ada' },
    })
  })

  it('R1.4 carries nobody’s authority on from an account that a call began', async () => {
    const begun = fact({
      factId: 'vault:login:t2',
      kind: 'login',
      occurredAt: 2_200,
      groups: [key('caller', 'presents', 'vault-token', 't1'), key('issued', 'establishes', 'vault-token', 't2', 'login')],
      attributes: { delegated: true },
    }) // prettier-ignore
    const given = [signIn('s1', 'ada', 1_000), logIn('t1', 2_000, { session: 's1' }), begun, create('t3', 't2', 2_500)]
    const { actor } = await chain(read('t3', 3_000), given)
    expect(actor).toMatchObject({ state: 'missing', reason: 'bearer handed over' })
    expect(actor).not.toHaveProperty('authority')
  })

  it('R1.4 is one that a login took on for whoever holds it', async () => {
    const given = [signIn('s1', 'ada', 1_000), logIn('t1', 2_000, { session: 's1' }, { takenOn: true })]
    expect((await chain(read('t1', 3_000), given)).actor).toMatchObject({ reason: 'bearer handed over', authority: { name: 'ada' } }) // prettier-ignore
  })

  it('R1.4 carries no name where its giver is not one person', async () => {
    const other = directoryChange('ben', 500, { email: MAIL })
    const given = [ada, other, logIn('t1', 2_000, { email: MAIL }), create('t2', 't1', 2_500)]
    expect((await chain(read('t2', 3_000), given)).actor).not.toHaveProperty('authority')
  })

  it('R1.4 names the holder again once the holder logged in', async () => {
    const given = [signIn('s1', 'ada', 1_000), logIn('t1', 2_000, { session: 's1' }), create('t2', 't1', 2_500)]
    const own = [signIn('s2', 'ben', 2_600), logIn('t3', 2_700, { session: 's2' })]
    expect((await chain(read('t3', 3_000), [...given, ...own])).actor).toMatchObject({ principal: { name: 'ben' } })
  })
})

describe('a token that two logins claim to have made', () => {
  const session = signIn('s1', 'ada', 1_000)
  const second = (claims: Record<string, string>) => ({ ...logIn('t1', 2_500, claims), factId: 'vault:login:t1:again' })

  it('R1.4 has its one person inferred, and what weakens custody said', async () => {
    const given = [session, logIn('t1', 2_000, { session: 's1' }, { address: '10.0.0.1' }), second({ session: 's1' })]
    const { path, actor } = await chain(read('t1', 3_000, { address: '10.0.0.2' }), given)
    expect([path.state, actor]).toMatchObject([
      'ambiguous',
      { state: 'inferred', principal: { name: 'ada' }, caveats: ['custody: address differs'] },
    ])
  })

  it('R1.4 has both persons listed', async () => {
    const given = [
      session,
      signIn('s2', 'ben', 1_000),
      logIn('t1', 2_000, { session: 's1' }),
      second({ session: 's2' }),
    ]
    const { actor } = await chain(read('t1', 3_000), given)
    expect(actor.kind === 'ambiguous' && actor.candidates.map(({ name }) => name)).toEqual(['ada', 'ben'])
  })

  it('R1.4 lists the candidates of each login', async () => {
    const other = directoryChange('ben', 500, { email: MAIL })
    const given = [session, ada, other, logIn('t1', 2_000, { session: 's1' }), second({ email: MAIL })]
    const { actor } = await chain(read('t1', 3_000), given)
    expect(actor.kind === 'ambiguous' && actor.candidates.map(({ name }) => name)).toEqual(['ada', 'ben'])
  })

  it('R1.4 has nobody where one of the logins leads nowhere', async () => {
    const given = [session, logIn('t1', 2_000, { session: 's1' }), second({ session: 'lost' })]
    const { actor, identity, sideways, right } = await chain(read('t1', 3_000), given)
    expect(actor).toMatchObject({ state: 'missing', reason: 'not recorded by that source' })
    expect([identity, sideways, right.approvals]).toEqual([undefined, [], []])
  })

  it('R1.4 has no holder where a request handed it over', async () => {
    const given = [session, logIn('t1', 2_000, { session: 's1' }), logIn('t2', 2_000, { session: 's1' })]
    const { actor } = await chain(read('t1', 3_000), [...given, create('t1', 't2', 2_500)])
    expect(actor).toMatchObject({ state: 'missing', reason: 'bearer handed over' })
  })
})
