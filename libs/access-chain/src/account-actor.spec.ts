import { mergeAll } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { accountLogIn, directoryChange, joined, underAccount, underEntity } from './testing/facts.js'
import { chain, key, logIn, read, signIn } from './testing/given.js'

const MAIL = 'ada@acme.example'
const ada = directoryChange('ada', 500, { email: MAIL, username: 'ada' })

describe('an account of the vault', () => {
  const account = accountLogIn('t1', 'ada', 5_000)
  const federated = underEntity(logIn('t2', 2_000, { session: 's1' }), 'ada')
  const session = signIn('s1', 'ada', 1_000)

  it('R1.3 is nobody the records know: identity not joined', async () => {
    expect((await chain(read('t1', 6_000), [account])).actor).toMatchObject({
      state: 'missing',
      reason: 'identity not joined',
    })
  })

  it('R1.4 under an entity whose federated logins are one person’s is inferred: an operator’s join', async () => {
    const { path, actor } = await chain(read('t1', 6_000), [account, federated, session])
    expect([path.state, actor]).toMatchObject([
      'proven',
      { state: 'inferred', principal: { name: 'ada' }, caveats: ["operator's join"] },
    ])
  })

  it('R1.4 is joined through a subject or a name too', async () => {
    for (const claims of [{ person: 'ada' }, { email: MAIL }]) {
      const given = [account, ada, underEntity(logIn('t2', 2_000, claims), 'ada')]
      expect((await chain(read('t1', 6_000), given)).actor).toMatchObject({
        state: 'inferred',
        principal: { name: 'ada' },
      })
    }
  })

  it('R1.4 is not joined where one federated login of the entity is another’s or nobody’s', async () => {
    for (const claims of [{ person: 'ben' }, { session: 'lost' }, { email: 'x@acme.example' }]) {
      const other = underEntity(logIn('t3', 3_000, claims), 'ada')
      const { actor } = await chain(read('t1', 6_000), [account, federated, session, other])
      expect(actor).toMatchObject({ state: 'missing', reason: 'identity not joined' })
    }
  })

  it('R1.4 is not joined through a login on whose names observers disagree, be only one of them known', async () => {
    const [one, other] = [MAIL, 'x@acme.example'].map((email) => underEntity(logIn('t2', 2_000, { email }), 'ada'))
    const { actor } = await chain(read('t1', 6_000), [account, ada, mergeAll([one!, other!])])
    expect(actor).toMatchObject({ state: 'missing', reason: 'identity not joined' })
  })

  it('R1.4 is disputed where an operator says another than its entity', async () => {
    const given = [underAccount(account, 'ops'), federated, session, joined('ops', 'ben', 500)]
    const { actor } = await chain(read('t1', 6_000), given)
    expect(actor).toMatchObject({ state: 'ambiguous', candidates: [{ name: 'ben' }, { name: 'ada' }] })
  })

  it('R1.4 is not joined through an impersonated session, nor through one whose person is disputed', async () => {
    const handed = session.groups.map((group) =>
      group.role === 'session' ? { ...group, by: 'handover' as const } : group,
    )
    const impersonated = [account, federated, { ...session, groups: handed }]
    expect((await chain(read('t1', 6_000), impersonated)).actor.state).toBe('missing')
    const disputed = [account, federated, session, signIn('s1', 'ben', 1_100, 'other')]
    expect((await chain(read('t1', 6_000), disputed)).actor.state).toBe('missing')
  })

  it('R1.4 is not joined through a name that two people have', async () => {
    const other = directoryChange('ben', 500, { email: MAIL })
    const given = [account, ada, other, underEntity(logIn('t2', 2_000, { email: MAIL }), 'ada')]
    expect((await chain(read('t1', 6_000), given)).actor.state).toBe('missing')
  })

  it('R1.4 is joined until the provider deletes the user', async () => {
    const given = (at: number) => [account, federated, session, ada, directoryChange('ada', at, {}, { deleted: true })]
    expect((await chain(read('t1', 6_000), given(5_000))).actor.state).toBe('missing')
    const { actor } = await chain(read('t1', 6_000), given(5_001))
    expect([actor.state, actor.caveats]).toEqual(['inferred', ["operator's join", 'custody: account deleted']])
  })

  it('R1.4 is joined by what its vault recorded, not by another login of no federation', async () => {
    const { groups } = account
    const local = { ...account, factId: 'vault:other', groups: groups.filter(({ role }) => role !== 'issued') }
    const bound = { ...local, groups: [key('entity', 'binds', 'vault-entity', 'entity-of-ada')] }
    expect((await chain(read('t1', 6_000), [account, bound])).actor.state).toBe('missing')
  })

  it('R1.4 says what else weakens the join', async () => {
    const weak = accountLogIn('t1', 'ada', 5_000, { address: '10.0.0.1' })
    const use = read('t1', 6_000, { address: '10.0.0.2', refusedAsDead: true })
    const { actor } = await chain(use, [weak, federated, session], { custodyMaxMs: 999 })
    expect(actor.caveats).toEqual([
      "operator's join",
      'used after end',
      'custody: address differs',
      'custody: token outlived its bound',
    ])
  })
})
