import { mergeAll, type Activity } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { changeSecret, readSecret, revoke, wrap } from './testing/facts.js'
import { chain, create, logIn, pageOf, read, signIn } from './testing/given.js'

/** One fact as two observers tell it. */
const told = (fact: Activity, other: Partial<Activity>): Activity => mergeAll([fact, { ...fact, ...other }])
const kinds = (findings: readonly { kind: string }[]): string[] => findings.map(({ kind }) => kind)

describe('a login of which one observer says that it was refused', () => {
  const login = logIn('t1', 5_000, { session: 's1' })
  const disputed = told(login, { outcome: 'denied' })
  const known = [disputed, signIn('s1', 'ben', 4_000)]

  it('R1.4 R1.8 leaves its person a candidate, and is a finding of what came through it', async () => {
    const { path, actor, findings } = await chain(read('t1', 5_500), known)
    expect([path.state, actor]).toMatchObject(['ambiguous', { state: 'ambiguous', candidates: [{ name: 'ben' }] }])
    expect(kinds(findings)).toEqual(['observers disagree'])
  })

  it('R1.4 is itself of a candidate only', async () => {
    const [{ path, actor } = {}] = await pageOf([disputed], known)
    expect([path?.state, actor?.state]).toEqual(['ambiguous', 'ambiguous'])
  })

  it('R1.4 weakens nothing where they disagree on what the walk does not rest on', async () => {
    const address = told(
      { ...login, attributes: { ...login.attributes, address: 'a' } },
      { attributes: { address: 'b' } },
    )
    const { path, actor, findings } = await chain(read('t1', 5_500), [address, signIn('s1', 'ben', 4_000)])
    expect([path.state, actor.state, kinds(findings)]).toEqual(['proven', 'proven', ['observers disagree']])
  })
})

describe('a login of which two observers show two sessions or two tokens', () => {
  const login = logIn('t1', 2_000, { session: 's1' })
  const either = (other: Activity): Activity => mergeAll([login, { ...other, factId: login.factId }])

  it('R1.4 leaves whoever is known of the sessions a candidate, for the other may be anybody’s', async () => {
    const known = [either(logIn('t1', 2_000, { session: 's2' })), signIn('s1', 'ada', 1_000)]
    const { path, actor } = await chain(read('t1', 3_000), known)
    expect([path.state, actor]).toMatchObject(['ambiguous', { state: 'ambiguous', candidates: [{ name: 'ada' }] }])
  })

  it('R1.4 is not proven to have made either token', async () => {
    const known = [either(logIn('t2', 2_000, { session: 's1' })), signIn('s1', 'ada', 1_000)]
    const { path, actor } = await chain(read('t1', 3_000), known)
    expect([path.state, actor]).toMatchObject(['ambiguous', { state: 'ambiguous', candidates: [{ name: 'ada' }] }])
  })
})

describe('a request of which two observers show two tokens', () => {
  it('R1.4 R1.8 leaves whoever held either a candidate, and is a finding', async () => {
    const [one, other] = [read('t1', 5_500), read('t2', 5_500)]
    const disputed = mergeAll([one, { ...other, factId: one.factId }])
    const known = [signIn('s1', 'ada', 1_000), logIn('t1', 2_000, { session: 's1' })]
    const { path, actor, findings } = await chain(disputed, known)
    expect([path.state, actor]).toMatchObject(['ambiguous', { state: 'ambiguous', candidates: [{ name: 'ada' }] }])
    expect(findings).toMatchObject([
      { kind: 'observers disagree', words: 'observers of this request disagree on caller' },
    ])
    const bens = [signIn('s2', 'ben', 1_000), logIn('t2', 2_000, { session: 's2' })]
    const both = await chain(disputed, [...known, ...bens])
    expect(both.actor).toMatchObject({ state: 'ambiguous', candidates: [{ name: 'ada' }, { name: 'ben' }] })
    expect((await chain(disputed, bens)).actor).toMatchObject({ state: 'ambiguous', candidates: [{ name: 'ben' }] })
  })

  it('R1.4 tells no end of either, and no use after it', async () => {
    const [one, other] = [read('t1', 5_500), read('t2', 5_500)]
    const known = [signIn('s1', 'ada', 1_000), logIn('t1', 2_000, { session: 's1' }), revoke('t1', 3_000)]
    expect((await chain(one, known)).callerEnd).toMatchObject({ how: 'revoked' })
    const { callerEnd, findings } = await chain(mergeAll([one, { ...other, factId: one.factId }]), known)
    expect([callerEnd, kinds(findings)]).toEqual([undefined, ['observers disagree']])
  })
})

describe('a fact of which two observers show two things that it made', () => {
  const known = [signIn('s1', 'ada', 1_000), logIn('t1', 2_000, { session: 's1' })]
  const either = (one: Activity, other: Activity): Activity => mergeAll([one, { ...other, factId: one.factId }])

  it('R1.4 proves no token to come from it, however that was handed out', async () => {
    for (const made of [
      either(create('t2', 't1', 3_000), create('t3', 't1', 3_000)),
      either(wrap('t2', 't1', 3_000), wrap('t3', 't1', 3_000)),
      either(wrap('w', 't1', 3_000, 't2'), wrap('w', 't1', 3_000, 't3')),
    ]) {
      const { path, actor } = await chain(read('t2', 4_000), [...known, made])
      expect([path.state, actor.state]).toEqual(['ambiguous', 'missing'])
    }
  })

  it('R1.4 proves no session, nor that it was of whoever signed in', async () => {
    const { path, actor } = await chain(read('t1', 4_000), [either(signIn('s1', 'ada', 1_000), signIn('s2', 'ada', 1_000)), known[1]!]) // prettier-ignore
    expect([path.state, actor]).toMatchObject(['ambiguous', { state: 'ambiguous', candidates: [{ name: 'ada' }] }])
    const sure = { ...signIn('s1', 'ada', 1_500, 'other'), factId: 'idp:s1:other' }
    const both = [either(signIn('s1', 'ada', 1_000), signIn('s2', 'ada', 1_000)), sure, known[1]!]
    expect((await chain(read('t1', 4_000), both)).path.state).toBe('proven')
  })

  it('R1.4 tells the end of the token that was used, and of none that another observer saw', async () => {
    const made = either(create('t2', 't1', 3_000), create('t3', 't1', 3_000))
    const ends = async (token: string) =>
      (await chain(read(token, 5_000), [...known, made, revoke('t2', 4_000)])).callerEnd?.how
    expect([await ends('t2'), await ends('t3')]).toEqual(['revoked', undefined])
    const { end } = await chain(made, [...known, revoke('t2', 4_000)])
    expect([end.state, end.how]).toEqual(['ambiguous', 'revoked'])
  })
})

describe('a token of which the one making that is known came long after its use', () => {
  const known = [signIn('s1', 'ada', 1_000), logIn('t1', 60_000, { session: 's1' })]

  it('R1.4 proves nobody: another may have had its name before', async () => {
    const { path, actor } = await chain(read('t1', 20_000), known)
    expect([path.state, actor]).toMatchObject(['ambiguous', { state: 'ambiguous', candidates: [{ name: 'ada' }] }])
  })

  it('R1.4 proves what its stamps may just have turned round, or another clock wrote', async () => {
    expect((await chain(read('t1', 58_000), known)).path.state).toBe('proven')
    const elsewhere = { ...read('t1', 20_000), factId: 'cloud:read', source: 'cloud' }
    expect((await chain(elsewhere, known)).path.state).toBe('proven')
  })
})

describe('a request on which observers disagree', () => {
  const use = readSecret('t1', 3_000, { attributes: { version: 1, grantedBy: ['a'] } })

  it('R1.4 is not proven to have been refused, nor to have been allowed by a policy, and perhaps obtained what another observer says', async () => {
    const { effect, end, right } = await chain(told(use, { outcome: 'denied' }), [])
    expect(effect).toMatchObject({
      state: 'ambiguous',
      yielded: 'nothing: denied; by another observer perhaps version 1',
    })
    expect([end.state, end.words]).toEqual(['missing', 'whether anything was obtained is not known'])
    expect(right.state).toBe('ambiguous')
  })

  it('R1.4 is not proven to have yielded either version, nor which of them ended', async () => {
    const either = told(use, { attributes: { version: 2 } })
    const { effect, end } = await chain(either, [
      changeSecret('secret-destroyed', 4_000, { attributes: { versions: [1] } }),
    ])
    expect([effect.state, end.state]).toEqual(['ambiguous', 'ambiguous'])
  })

  it('R1.4 is not proven to be of either secret', async () => {
    const either = told(use, { target: { ...use.target!, path: 'payments/zebra' } })
    const { effect, end } = await chain(either, [changeSecret('secret-written', 4_000)])
    expect([effect.state, end]).toMatchObject(['ambiguous', { how: 'rotated', state: 'ambiguous' }])
  })

  it('R1.4 is not proven to be by either policy', async () => {
    expect((await chain(told(use, { attributes: { grantedBy: ['b'] } }), [])).right.state).toBe('ambiguous')
  })
})
