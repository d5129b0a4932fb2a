import { merge } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { accountLogIn, named, unwrap, wrap } from './testing/facts.js'
import { chain, create, fact, key, logIn, read, signIn, sourcesWith } from './testing/given.js'
import { HOPS_MAX } from './trace.js'

const session = signIn('s1', 'ada', 1_000)
const login = logIn('t1', 2_000, { session: 's1' })

describe('a token that one login made', () => {
  it('R1.4 is a proven link with the positions of the use and of the login', async () => {
    const given = [session, { ...login, positions: [4, 5] }]
    const { path } = await chain({ ...read('t1', 3_000), positions: [9] }, given)
    expect(path.links[0]).toMatchObject({ state: 'proven', by: 'login', to: [login.factId], evidence: [4, 5, 9] })
    expect(path.links[1]).toMatchObject({ state: 'proven', by: 'federation', to: [session.factId] })
  })

  it('R1.4 is the same token by every name that records show together', async () => {
    const twoNames = {
      ...login,
      groups: login.groups.map((group) => (group.role === 'issued' ? named(group, 'hmac-sha256:a') : group)),
    }
    const bridge = (name: string, other: string) =>
      fact({
        factId: `vault:bridge:${name}`,
        kind: 'operation',
        occurredAt: 2_500,
        groups: [named(key('caller', 'presents', 'vault-token', name), other)],
      })
    const bridges = [bridge('hmac-sha256:a', 'hmac-sha256:b'), bridge('hmac-sha256:b', 'hmac-sha256:c')]
    const { path } = await chain(read('hmac-sha256:c', 3_000), [session, twoNames, ...bridges])
    expect([path.state, path.links[0]?.to]).toEqual(['proven', [login.factId]])
  })

  it('R1.4 is no other token that one of two devices says another request came with', async () => {
    const given = [signIn('s2', 'ben', 1_000), logIn('t2', 2_000, { session: 's2' })]
    const disputed = read('t1', 2_500)
    const other = merge(
      { ...disputed, positions: [5] },
      { ...read('t2', 2_500), factId: disputed.factId, positions: [6] },
    )
    const { path, actor } = await chain(read('t1', 5_500), [...given, other])
    expect([path.state, actor.state]).toEqual(['missing', 'missing'])
  })

  it('R1.4 is proven for a batch token too, which has a hashed name and no accessor', async () => {
    const batch = logIn('hash-of-batch', 2_000, { session: 's1' }, { tokenType: 'batch', displayName: 'oidc-ada' })
    const { path, actor, identity } = await chain(read('hash-of-batch', 3_000), [session, batch])
    expect([path.state, actor.state, identity?.displayName]).toEqual(['proven', 'proven', 'oidc-ada'])
  })

  it('R1.4 is no link where the caller merely claims the token', async () => {
    const use = read('t1', 3_000)
    const claimed = { ...use, groups: use.groups.map((group) => ({ ...group, trust: 'claimed' as const })) }
    const { path, actor } = await chain(claimed, [session, login])
    expect([path.state, path.links, actor.state]).toEqual(['missing', [], 'missing'])
  })

  it('R1.4 leads nowhere where its maker merely claims to have made it', async () => {
    const claimed = { ...login, groups: login.groups.map((group) => ({ ...group, trust: 'claimed' as const })) }
    const { path } = await chain(read('t1', 3_000), [session, claimed])
    expect([path.state, path.links.map(({ to }) => to)]).toEqual(['missing', [[]]])
  })
})

describe('a login asked for itself', () => {
  it('R1.4 has a path from its session, also where its token was wrapped for another', async () => {
    const wrapped = {
      ...login,
      groups: [...login.groups.slice(1), key('wrapped', 'establishes', 'vault-token', 't1', 'handover')],
    }
    for (const asked of [login, wrapped]) {
      const { path, actor } = await chain(asked, [session])
      expect([path.state, path.links.length, actor.state]).toEqual(['proven', 1, 'proven'])
    }
  })

  it('R1.4 hands its token over where the answer was wrapped', async () => {
    const wrapped = {
      ...login,
      groups: [...login.groups.slice(1), key('wrapped', 'establishes', 'vault-token', 't1', 'handover')],
    }
    const { path, actor } = await chain(read('t1', 3_000), [session, wrapped])
    expect([path.state, path.links[0]?.by, actor.kind === 'missing' && actor.reason]).toEqual([
      'proven',
      'handover',
      'bearer handed over',
    ])
  })

  it('R1.4 that was refused authenticated nobody', async () => {
    const refused = fact({ factId: 'vault:refused', kind: 'login', occurredAt: 1_000, outcome: 'denied' })
    const { path, actor, effect } = await chain(refused, [session])
    const reason = 'refused: nobody was authenticated'
    expect(path).toMatchObject({ state: 'missing', reason })
    expect(actor).toMatchObject({ state: 'missing', reason })
    expect(effect.yielded).toBe('nothing: denied')
  })
})

describe('a token without a login behind it', () => {
  const root = read('r', 3_000, { callerOrigin: 'root', displayName: 'root' })

  it('R1.4 that is the root token ends the path at the shared identity', async () => {
    const { path, actor } = await chain(root, [])
    expect(path.links).toMatchObject([{ state: 'proven', by: 'origin', to: [] }])
    expect([path.state, actor.kind === 'missing' && actor.shared]).toEqual(['proven', 'root'])
  })

  it('R1.4 that root made was handed over, with a proven path back to root', async () => {
    const made = { ...create('t2', 'r', 2_000), attributes: { callerOrigin: 'root' } }
    const { path, actor } = await chain(read('t2', 3_000), [made])
    expect([path.state, path.links.map(({ by }) => by)]).toEqual(['proven', ['handover', 'origin']])
    expect(actor).toMatchObject({ state: 'missing', reason: 'bearer handed over' })
  })

  it('R1.3 R1.4 is missing as a gap where its source was heard when it was made', async () => {
    const use = read('t9', 9_000, { displayName: 'oidc-ada', tokenIssuedAt: 5_000 })
    const { path, actor } = await chain(use, [read('t8', 1_000)])
    expect([path.state, path.reason]).toEqual(['missing', 'gap in the source'])
    expect(actor).toMatchObject({ state: 'missing', reason: 'gap in the source' })
  })

  it('R1.4 is missing as before its coverage where it was made before the first record, seconds rounded', async () => {
    const use = (tokenIssuedAt: number): typeof root => read('t9', 9_000, { displayName: 'oidc-ada', tokenIssuedAt })
    const given = [read('t8', 6_000)]
    expect((await chain(use(5_000), given)).path.reason).toBe('before its coverage')
    expect((await chain(use(5_001), given)).path.reason).toBe('gap in the source')
  })

  it('R1.4 is missing as not recorded where the request does not say whose it is', async () => {
    expect((await chain(read('t9', 9_000), [read('t8', 1_000)])).path.reason).toBe('not recorded by that source')
  })

  it.each([
    [
      'that its source says came without authentication',
      { kind: 'operation', attributes: { callerOrigin: 'unauthenticated' } },
    ],
    ['that is a step before a login', { kind: 'login-started' }],
  ] as const)('R1.4 is missing where nobody authenticated: a request %s', async (_, said) => {
    const { path, actor } = await chain(fact({ factId: 'vault:open', occurredAt: 1_000, ...said }), [])
    expect(path).toMatchObject({ state: 'missing', reason: 'nobody authenticated', links: [] })
    expect(actor).toMatchObject({ state: 'missing', reason: 'nobody authenticated' })
  })

  it.each([
    ['a request', { kind: 'operation' }],
    ['a request that was denied', { kind: 'secret-read', outcome: 'denied' }],
    ['a login that made no token', { kind: 'login' }],
    ['a login of which nothing says how it went', { kind: 'login', outcome: 'unknown' }],
    ['a login that observers disagree about', { kind: 'login', outcome: 'denied', conflicts: ['outcome'] }],
    ['a step before a login, made by somebody', { kind: 'login-started', attributes: { callerOrigin: 'unrecorded' } }],
  ] as const)('R1.4 is missing as not recorded where nothing says that nobody authenticated: %s', async (_, said) => {
    const { path, actor } = await chain(fact({ factId: 'vault:open', occurredAt: 1_000, ...said }), [])
    expect(path).toMatchObject({ state: 'missing', reason: 'not recorded by that source', links: [] })
    expect(actor).toMatchObject({ state: 'missing', reason: 'not recorded by that source' })
  })

  it('R1.4 is missing where a request without a token is said to have made it', async () => {
    const maker = create('t2', 't1', 2_000)
    const anonymous = { ...maker, groups: maker.groups.filter(({ role }) => role !== 'caller') }
    const { path } = await chain(read('t2', 3_000), [anonymous])
    expect(path).toMatchObject({ state: 'missing', reason: 'not recorded by that source' })
    expect(path.links).toHaveLength(2)
  })
})

describe('a login', () => {
  it('R1.4 at a mount that nobody declared is missing: federation not declared', async () => {
    const undeclared = logIn('t1', 2_000, { session: 's1' }, { origin: 'undeclared' })
    const { path, actor } = await chain(read('t1', 3_000), [session, undeclared])
    expect([path.state, path.reason]).toEqual(['missing', 'federation not declared'])
    expect(actor).toMatchObject({ state: 'missing', reason: 'federation not declared' })
  })

  it('R1.4 by a long-lived secret ends the path at that account, proven', async () => {
    const { path, identity } = await chain(read('t1', 3_000), [accountLogIn('t1', 'ada', 2_000)])
    expect(path).toMatchObject({ state: 'proven', candidates: [] })
    expect([path.links.length, path.through, identity?.account, identity?.method]).toEqual([
      1,
      undefined,
      'ada',
      'userpass',
    ])
  })
})

describe('tokens made by tokens', () => {
  const given = [session, login]
  const heirs = (count: number): ReturnType<typeof create>[] =>
    Array.from({ length: count }, (_, step) => create(`t${step + 2}`, `t${step + 1}`, 3_000 + step))

  it('R1.4 are walked through, every step proven', async () => {
    const { path } = await chain(read('t31', 9_000), [...given, ...heirs(30)])
    expect([path.state, path.links.length]).toEqual(['proven', 32])
  })

  it('R1.4 are given up beyond the longest walk, and the path says so', async () => {
    const last = HOPS_MAX + 1
    const { path } = await chain(read(`t${last}`, 9_000), [...given, ...heirs(HOPS_MAX)])
    expect([path.state, path.links.at(-1)?.words]).toEqual(['missing', `more than ${HOPS_MAX} tokens made each other`])
    const longest = await chain(read(`t${HOPS_MAX}`, 9_000), [...given, ...heirs(HOPS_MAX - 1)])
    expect(longest.path.state).toBe('proven')
  })

  it('R1.4 in a cycle are followed once, by whatever names', async () => {
    const first = create('t1', 't2', 1_000)
    const groups = first.groups.map((group) => (group.role === 'issued' ? named(group, 'hmac-sha256:t1') : group))
    const { path } = await chain(read('t1', 5_000), [{ ...first, groups }, create('t2', 'hmac-sha256:t1', 2_000)])
    expect([path.state, path.links.length]).toEqual(['missing', 3])
  })

  it('R1.4 that two requests claim to have made stay ambiguous even if both lead to one session', async () => {
    const makers = [create('t9', 't1', 3_000), logIn('t9', 3_500, { session: 's1' })]
    const { path, findings } = await chain(read('t9', 5_000), [...given, ...makers])
    expect([path.state, path.through, path.candidates]).toEqual([
      'ambiguous',
      undefined,
      ['idp-session:keycloak/acme:s1'],
    ])
    expect(path.links.at(-1)).toMatchObject({ state: 'ambiguous', to: makers.map(({ factId }) => factId) })
    expect(findings).toMatchObject([{ kind: 'establishers disagree' }])
  })
})

describe('a wrapping', () => {
  it('R1.4 opened by its bearer leads to whoever wrapped, and names no holder', async () => {
    const { path, actor, effect } = await chain(unwrap('w1', 'w1', 4_000), [session, login, wrap('w1', 't1', 3_000)])
    expect([path.state, path.links.map(({ by }) => by)]).toEqual(['proven', ['handover', 'login', 'federation']])
    expect(actor).toMatchObject({ reason: 'bearer handed over', authority: { name: 'ada' } })
    expect(effect.yielded).toBe('the content of a wrapped response')
  })

  it('R1.4 opened with an own token leads to the opener, who is known', async () => {
    const opener = [signIn('s2', 'ben', 1_000), logIn('t2', 2_000, { session: 's2' })]
    const given = [session, login, ...opener, wrap('w1', 't1', 3_000)]
    const { path, actor } = await chain(unwrap('w1', 't2', 4_000), given)
    expect([path.through, actor.state]).toEqual(['idp-session:keycloak/acme:s2', 'proven'])
  })
})

describe('coverage', () => {
  it('R1.4 of another source says nothing of the vault', async () => {
    const use = read('t9', 9_000, { displayName: 'oidc-ada', tokenIssuedAt: 5_000 })
    const sources = sourcesWith('idp', { scope: 'prod' })
    const { path } = await chain(use, [signIn('s0', 'eva', 100)], { sources })
    expect(path.reason).toBe('before its coverage')
  })
})
