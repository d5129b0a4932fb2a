import { mergeAll, type Activity, type KeyGroup } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { approval, attempt, directoryChange, GITHUB, lease, runAlone, unwrap, wrap } from './testing/facts.js'
import { chain, create, fact, key, logIn, pageOf, read, signIn, sourcesWith } from './testing/given.js'

const job = (claims: Record<string, string>, token = 't1') => logIn(token, 2_000, claims, GITHUB)
const exact = { run: '11', attempt: '11/1' }

describe('the right to a request', () => {
  it('R1.1 is the policy as the vault recorded it; that is no approval', async () => {
    const use = { ...read('t1', 3_000, { grantedBy: ['kv-payments'] }), positions: [7] }
    expect((await chain(use, [])).right).toEqual({
      state: 'proven',
      policies: ['kv-payments'],
      approvals: [],
      evidence: [7],
    })
  })

  it('R1.4 is missing where neither policy nor approval is recorded', async () => {
    expect((await chain(read('t1', 3_000), [])).right).toMatchObject({
      state: 'missing',
      reason: 'not recorded by that source',
    })
  })

  it('R1.4 is missing without a reason where policies were asked and allowed nothing', async () => {
    const { right } = await chain({ ...read('t1', 3_000), outcome: 'denied' }, [])
    expect([right.state, right.reason]).toEqual(['missing', undefined])
  })

  it('R1.4 is missing for a dead token: nobody was authenticated', async () => {
    const { right } = await chain({ ...read('t1', 3_000, { refusedAsDead: true }), outcome: 'denied' }, [])
    expect([right.state, right.reason]).toEqual(['missing', 'refused: nobody was authenticated'])
  })
})

describe('the approval of a run', () => {
  const given = [attempt('11', 1, 1_000), { ...approval('11', 900), positions: [6] }]

  it('R1.1 is shown with its approver and its records, proven where the run is', async () => {
    const { right } = await chain({ ...read('t1', 3_000), positions: [3] }, [...given, job(exact)])
    expect(right).toMatchObject({
      state: 'proven',
      evidence: [3, 6],
      approvals: [{ state: 'proven', decision: 'approved', at: 900, approver: { name: 'olga' }, evidence: [6] }],
    })
  })

  it('R1.4 is no stronger than the link to its run', async () => {
    for (const claims of [{ run: '11' }, { repository: '7' }, { 'repository-name': 'acme/shop' }]) {
      const { path, right } = await chain(read('t1', 3_000), [...given, job(claims)])
      expect([path.state, right.state, right.approvals.map(({ state }) => state)]).toEqual([
        'inferred',
        'inferred',
        ['inferred'],
      ])
    }
  })

  it('R1.4 leaves a recorded policy proven beside an inferred approval', async () => {
    const { right } = await chain(read('t1', 3_000, { grantedBy: ['ci'] }), [...given, job({ repository: '7' })])
    expect([right.state, right.approvals[0]?.state]).toEqual(['proven', 'inferred'])
  })

  it('R1.4 is shown for none of several candidates, nor for one that another may have hidden', async () => {
    const two = [...given, attempt('12', 1, 1_000), job({ repository: '7' })]
    expect((await chain(read('t1', 3_000), two)).right.approvals).toEqual([])
    const sources = sourcesWith('ci', { gaps: [{ from: 0, to: 500 }] })
    const { path, right } = await chain(read('t1', 3_000), [...given, job({ repository: '7' })], { sources })
    expect([path.state, right.approvals]).toEqual(['ambiguous', []])
  })

  it('R1.1 is shown where the issuer recorded runs and no attempts', async () => {
    const { right } = await chain(read('t1', 3_000), [runAlone('11', 1_000), approval('11', 900), job(exact)])
    expect(right.approvals.map(({ state, decision }) => [state, decision])).toEqual([['inferred', 'approved']])
  })

  it('R1.4 is none while it is only asked for, or where it was refused', async () => {
    for (const decision of ['requested', 'rejected', 'bypassed', 'cancelled']) {
      const told = [attempt('11', 1, 1_000), approval('11', 900, decision), job(exact)]
      const { right } = await chain(read('t1', 3_000), told)
      expect([right.state, right.reason, right.approvals.map((one) => one.decision)]).toEqual([
        'missing',
        'not recorded by that source',
        [decision],
      ])
    }
  })

  it('R1.4 R3.1 is none where it came after the use, or was taken back before', async () => {
    const judged = async (...decisions: Activity[]) => {
      const { right } = await chain(read('t1', 3_000), [attempt('11', 1, 1_000), job(exact), ...decisions])
      return [right.state, right.approvals.map(({ permits }) => permits)]
    }
    expect(await judged(approval('11', 90_000_000))).toEqual(['missing', [false]])
    expect(await judged(approval('11', 900), approval('11', 1_500, 'rejected'))).toEqual(['missing', [false, false]])
    expect(await judged(approval('11', 900), approval('11', 900, 'rejected'))).toEqual(['missing', [false, false]])
    expect(await judged(approval('11', 800, 'rejected'), approval('11', 900))).toEqual(['proven', [false, true]])
    expect(await judged(approval('11', 900), approval('11', 90_000_000, 'rejected'))).toEqual(['proven', [true, false]])
  })

  it('R1.4 R3.1 is none of a deployment that was refused since', async () => {
    const deployment = key('deployment', 'presents', 'deployment', '9')
    const doing = key('federated-attempt', 'presents', 'ci-job', '5')
    const job = key('attempt', 'establishes', 'ci-job', '5', 'login')
    const started = fact({ factId: 'ci:job', kind: 'job-observed', occurredAt: 1_000, groups: [job] })
    const deployed = fact({
      factId: 'ci:deployed',
      kind: 'operation',
      occurredAt: 1_100,
      groups: [deployment, { ...doing, role: 'job' }],
    })
    const login = logIn('t1', 2_000, {}, GITHUB)
    const known = [started, deployed, { ...login, groups: [...login.groups, doing] }]
    const [agreed, refused] = ['approved', 'rejected'].map((decision, index) => ({
      ...approval('11', 1_200 + index, decision),
      groups: [deployment, key('approver', 'presents', 'person', 'olga')],
    }))
    expect((await chain(read('t1', 3_000), [...known, agreed!])).right.state).toBe('proven')
    expect((await chain(read('t1', 3_000), [...known, agreed!, refused!])).right.state).toBe('missing')
  })

  describe('by who set it off', () => {
    const olgas = (more: Activity): Activity => ({
      ...more,
      groups: [...more.groups, { ...key('initiator', 'presents', 'person', 'olga'), sideways: true }],
      attributes: { ...more.attributes, initiator: 'olga' },
    })
    const permitted = async (...told: Activity[]) =>
      (await chain(read('t1', 3_000), [...told, approval('11', 900)])).right.approvals.map(({ permits }) => permits)

    it('R3.1 permits nothing, whatever tells of it', async () => {
      expect(await permitted(olgas(attempt('11', 1, 1_000)), job(exact))).toEqual([false])
      expect(await permitted(olgas(runAlone('11', 1_000)), job(exact))).toEqual([false])
      const login = job(exact)
      const claimed = { ...key('federated-initiator', 'presents', 'person', 'olga'), sideways: true }
      expect(await permitted(attempt('11', 1, 1_000), { ...login, groups: [...login.groups, claimed] })).toEqual([
        false,
      ])
    })

    it('R3.1 permits nothing by a login name, where one of them has no id', async () => {
      const named = { ...key('initiator', 'presents', 'person-name', 'olga'), sideways: true }
      const started = attempt('11', 1, 1_000)
      expect(await permitted({ ...started, groups: [...started.groups, named] }, job(exact))).toEqual([false])
      const other = { ...olgas(started), attributes: { ...started.attributes, initiator: 'nora' } }
      const byName = { ...approval('11', 900), groups: [key('run', 'presents', 'ci-run', '11'), key('approver', 'presents', 'person-name', 'nora')] } // prettier-ignore
      const { right } = await chain(read('t1', 3_000), [other, job(exact), byName])
      expect(right.approvals).toMatchObject([{ permits: false, flaw: 'own' }])
    })

    it('R3.1 permits where another attempt of it was theirs', async () => {
      expect(await permitted(olgas(attempt('11', 2, 2_000)), attempt('11', 1, 1_000), job(exact))).toEqual([true])
    })
  })

  describe('of a run for several environments', () => {
    const forAll = (decided: Activity, ...names: readonly string[]): Activity => ({
      ...decided,
      factId: `${decided.factId}:${names.join('+')}`,
      groups: [
        ...decided.groups,
        ...names.map((name) =>
          key(
            names.length === 1 ? 'environment' : `environment:${name}`,
            'presents',
            'environment',
            `acme/shop/${name}`,
          ),
        ),
      ],
    })
    const [own, others] = [approval('11', 900, 'approved', 'greta'), approval('11', 950, 'approved', 'bob')]
    const started = attempt('11', 1, 800)
    const gretas: Activity = {
      ...started,
      groups: [...started.groups, { ...key('initiator', 'presents', 'person', 'greta'), sideways: true }],
      attributes: { ...started.attributes, initiator: 'greta' },
    }
    const state = async (...decisions: readonly Activity[]) =>
      (await chain(read('t1', 3_000), [gretas, job(exact), ...decisions])).right.state

    it('R3.1 permits nothing while who set it off, or nobody known, let it go for one that nobody else approved', async () => {
      const nobodys = { ...own, groups: own.groups.filter(({ role }) => role !== 'approver') }
      for (const other of [own, nobodys, approval('11', 900, 'bypassed', 'greta')])
        for (const order of [other, { ...other, occurredAt: 960 }]) {
          expect(await state(forAll(order, 'production'), forAll(others, 'staging'))).toBe('missing')
          expect(await state(forAll(order, 'production', 'staging'), forAll(others, 'staging'))).toBe('missing')
          expect(await state(forAll(order, 'production'), forAll(others, 'staging', 'testing'))).toBe('missing')
          // Which one it was for, the record does not tell.
          expect(await state(order, forAll(others, 'staging'))).toBe('missing')
        }
    })

    it('R3.1 permits where another approved each of them, or the run as a whole', async () => {
      expect(await state(forAll(own, 'production'), forAll(others, 'production'))).toBe('proven')
      expect(await state(forAll(own, 'production'), forAll(others, 'production', 'staging'))).toBe('proven')
      expect(await state(forAll(own, 'production'), others)).toBe('proven')
      const [first, second] = [approval('11', 940, 'approved', 'bob'), approval('11', 950, 'approved', 'olga')]
      expect(await state(forAll(own, 'production'), forAll(first, 'production'), forAll(second, 'staging'))).toBe(
        'proven',
      )
    })

    it('R3.1 permits nothing where what another approved of the one was taken back', async () => {
      const approved = forAll(approval('11', 850, 'approved', 'bob'), 'production')
      const refused = forAll(approval('11', 870, 'rejected', 'bob'), 'production')
      expect(await state(approved, refused, forAll(own, 'production'), forAll(others, 'staging'))).toBe('missing')
    })
  })

  it('R1.4 is no other record that names the run', async () => {
    const passed = { ...approval('11', 900), kind: 'secrets-passed' as const }
    const { right } = await chain(read('t1', 3_000), [attempt('11', 1, 1_000), passed, job(exact)])
    expect([right.state, right.approvals]).toEqual(['missing', []])
  })

  it('R1.4 of another run is not shown', async () => {
    const other = [attempt('11', 1, 1_000), approval('12', 900), job(exact)]
    expect((await chain(read('t1', 3_000), other)).right.approvals).toEqual([])
  })

  it('R1.9 is the same for a request alone and on a page', async () => {
    const known = [...given, job(exact), job({ run: '11' }, 't2'), job({ repository: '7' }, 't3')]
    const asked = [read('t1', 3_000), read('t2', 3_001), read('t3', 3_002)]
    const all = [...known, ...asked]
    const alone = await Promise.all(asked.map(async (each) => (await pageOf([each], all))[0]))
    expect(await pageOf(asked, all)).toEqual(alone)
    expect(alone.map((each) => each?.right.approvals.length)).toEqual([1, 1, 1])
  })
})

describe('the approval of an access request', () => {
  const request = { ...key('request', 'presents', 'access-request', 'R1'), sideways: true }
  const agreed = (approver: KeyGroup) =>
    fact({
      factId: 'idp:r',
      kind: 'approval-observed',
      occurredAt: 2_500,
      groups: [approver, request],
      attributes: { decision: 'approved' },
    })
  const use = { ...read('t1', 3_000), groups: [key('caller', 'presents', 'vault-token', 't1'), request] }
  const [byId, byMail] = [
    key('approver', 'presents', 'person', 'ada'),
    key('approver', 'presents', 'person-email', 'ada@x'),
  ]
  const ada = directoryChange('ada', 500, { email: 'ada@x' })
  const [one, other] = [signIn('s1', 'ada', 1_000), signIn('s2', 'ben', 1_000)]

  it.each([
    ['the person of the session', { session: 's1' }, byId],
    ['the person of the session, by an e-mail address', { session: 's1' }, byMail],
    ['whom the directory gives the address of the login', { email: 'ada@x' }, byId],
    ['the address of the login', { email: 'ada@x' }, byMail],
    ['the subject of the login', { person: 'ada' }, byMail],
  ])('R3.1 permits nothing where it is by %s', async (_, claims, approver) => {
    const { right } = await chain(use, [one, ada, agreed(approver), logIn('t1', 2_000, claims)])
    expect([right.state, right.approvals.map(({ permits }) => permits)]).toEqual(['missing', [false]])
  })

  it('R3.1 permits nothing where it is by one of those who may have asked', async () => {
    const login = logIn('t1', 2_000, { session: 's1' })
    const disputed = mergeAll([login, logIn('t1', 2_000, { session: 's2' })])
    const { actor, right } = await chain(use, [one, other, agreed(byId), disputed])
    expect([actor.state, right.state]).toEqual(['ambiguous', 'missing'])
  })

  it('R3.1 permits by the yes of another, whatever who asked says of it himself, before or after', async () => {
    const by = (approver: KeyGroup, at: number) => ({ ...agreed(approver), factId: `idp:r:${at}`, occurredAt: at })
    const eva = key('approver', 'presents', 'person', 'eva')
    for (const [own, others] of [
      [2_400, 2_600],
      [2_600, 2_400],
    ] as const) {
      const decisions = [by(byId, own), by(eva, others)]
      const { right } = await chain(use, [one, ada, ...decisions, logIn('t1', 2_000, { session: 's1' })])
      expect(right.state).toBe('proven')
      expect(right.approvals.filter(({ permits }) => permits).map(({ at }) => at)).toEqual([others])
    }
    const refused = { ...by(eva, 2_700), attributes: { decision: 'rejected' } }
    const again = [by(eva, 2_400), refused, by(byId, 2_800)]
    const { right } = await chain(use, [one, ada, ...again, logIn('t1', 2_000, { session: 's1' })])
    expect(right.state).toBe('missing')
  })

  it('R3.1 permits nothing where no record names who approved: it may have been who asked', async () => {
    const nobodys = { ...agreed(byId), groups: [request], attributes: { decision: 'approved', approver: 'somebody' } }
    const { right } = await chain(use, [other, nobodys, logIn('t1', 2_000, { session: 's2' })])
    expect(right.approvals).toMatchObject([{ decision: 'approved', permits: false, flaw: 'nobody named' }])
  })

  it('R3.1 permits nothing where one of several who agreed is nobody named, for he may be who asked; what another approved by himself stands beside it', async () => {
    const eva = key('approver', 'presents', 'person', 'eva')
    const step = (at: number, decision: string, ...by: KeyGroup[]) => ({ ...agreed(byId), factId: `idp:r:${at}`, occurredAt: at, groups: [...by, request], attributes: { decision } }) // prettier-ignore
    const judged = async (...steps: Activity[]) => {
      const { right } = await chain(use, [other, ...steps, logIn('t1', 2_000, { session: 's2' })])
      return right.approvals.map(({ permits, flaw }) => flaw ?? permits)
    }
    const [hers, nobodys] = [step(2_300, 'proposed approved', eva), step(2_400, 'proposed approved')]
    expect(await judged(hers, step(2_500, 'approved'))).toEqual([false, true])
    expect(await judged(hers, nobodys, step(2_500, 'approved'))).toEqual([false, false, 'nobody named'])
    expect(await judged(nobodys, step(2_500, 'approved', eva))).toEqual([false, 'nobody named'])
    // Where nobody else had to agree, each approval stands for itself.
    expect(await judged(step(2_300, 'approved', eva), step(2_400, 'approved'))).toEqual([true, 'nobody named'])
  })

  it('R3.1 permits nothing where it is by whom a login on the path names, whoever its session is, or who signed in on the way', async () => {
    const { right } = await chain(use, [one, other, ada, agreed(byId), logIn('t1', 2_000, { session: 's2', email: 'ada@x' })])
    expect([right.state, right.approvals.map(({ permits }) => permits)]).toEqual(['missing', [false]])
    const { groups, ...desk } = one
    const issued = key('issued', 'establishes', 'agent-call', 'd1', 'login')
    const throughBens = { ...desk, groups: [...groups, issued, key('federated-session', 'presents', 'idp-session', 's2')], attributes: { origin: 'federated', issuer: 'keycloak/acme' } }
    const onTheWay = await chain(use, [throughBens, other, agreed(byId), logIn('t1', 2_000, { session: 's1' })])
    expect([onTheWay.actor, onTheWay.right.state]).toMatchObject([{ principal: { name: 'ben' } }, 'missing'])
  }) // prettier-ignore

  it('R3.1 permits nothing where it is by the entity that asked, of that vault and no other', async () => {
    const own = (source: string) => ({ ...agreed(byId), source, attributes: { decision: 'approved', entityId: 'e1' } })
    const asked = { ...use, attributes: { entityId: 'e1' } }
    const given = [other, logIn('t1', 2_000, { session: 's2' })]
    expect((await chain(asked, [...given, own('vault')])).right.state).toBe('missing')
    expect((await chain(asked, [...given, own('idp')])).right.state).toBe('proven')
  })

  it('R1.4 of a login on the path is known to be of this use as far as the path to the login is', async () => {
    const login = (claims: Record<string, string>) => {
      const { groups, ...rest } = logIn('t1', 2_000, claims)
      return { ...rest, groups: [...groups, request] }
    }
    const early = { ...agreed(byId), occurredAt: 1_500 }
    for (const [claims, state] of [[{ session: 's2' }, 'proven'], [{ person: 'ben' }, 'inferred']] as const) {
      const { path, right } = await chain(read('t1', 3_000), [other, early, login(claims)])
      expect([path.state, right.state, right.approvals.map((one) => one.state)]).toEqual([state, state, [state]])
    }
  }) // prettier-ignore

  it('R1.4 to use a client is of the person who logged in through it, and of no agent that did', async () => {
    const allowed = fact({
      factId: 'idp:client',
      kind: 'approval-observed',
      occurredAt: 500,
      groups: [key('person', 'describes', 'person', 'ben'), key('approver', 'presents', 'person', 'eva')],
      attributes: { step: 'approved', clientId: 'vault' },
    })
    const login = logIn('t1', 2_000, { session: 's2' }, { issuerClient: 'vault' })
    const agents = { ...login, groups: [...login.groups, key('holder', 'presents', 'agent', 'bot')] }
    const { right } = await chain(read('t1', 3_000), [other, allowed, login])
    expect([right.state, right.approvals.length]).toEqual(['inferred', 1])
    expect((await chain(read('t1', 3_000), [other, allowed, agents])).right).toMatchObject({ state: 'missing', approvals: [] })
  }) // prettier-ignore

  it('R3.1 permits where it is by somebody else', async () => {
    const { right } = await chain(use, [one, other, ada, agreed(byId), logIn('t1', 2_000, { session: 's2' })])
    expect([right.state, right.approvals.map(({ permits }) => permits)]).toEqual(['proven', [true]])
  })
})

describe('the effect of a request', () => {
  const effect = async (asked: ReturnType<typeof read>) => (await chain(asked, [])).effect

  it('R1.1 is what the record says was obtained', async () => {
    expect((await effect(read('t1', 1_000, { version: 3 }))).yielded).toBe('version 3')
    expect((await effect(read('t1', 1_000))).yielded).toBe('the secret')
    expect((await effect(lease('db/creds/a/L1', 't1', 1_000))).yielded).toBe('lease db/creds/a/L1')
    expect((await effect(create('t2', 't1', 1_000))).yielded).toBe('a token (service)')
    expect((await effect({ ...create('t2', 't1', 1_000), attributes: { issuedTokenType: 'batch' } })).yielded).toBe(
      'a token (batch)',
    )
    expect((await effect(wrap('w1', 't1', 1_000))).yielded).toContain('a wrapped response')
    expect((await effect(unwrap('w1', 't1', 1_000))).yielded).toBe('the content of a wrapped response')
    expect((await effect({ ...read('t1', 1_000), kind: 'key-used' })).yielded).toContain('the key itself stays')
  })

  it('R1.1 names a lease by its clear name where a device writes it hashed', async () => {
    const groups = [
      {
        ...key('lease', 'establishes', 'vault-lease', 'hmac-1', 'login'),
        forms: [
          ...key('lease', 'establishes', 'vault-lease', 'hmac-1').forms,
          ...key('lease', 'establishes', 'vault-lease', 'db/creds/a/L1').forms,
        ],
      },
    ]
    expect((await effect(fact({ factId: 'vault:l', kind: 'lease-issued', occurredAt: 1, groups }))).yielded).toBe(
      'lease db/creds/a/L1',
    )
  })

  it('R1.4 is proven to be nothing where the request was denied or failed', async () => {
    for (const outcome of ['denied', 'failed'] as const)
      expect(await effect({ ...read('t1', 1_000, { version: 3 }), outcome })).toMatchObject({
        state: 'proven',
        yielded: `nothing: ${outcome}`,
      })
  })

  it('R1.4 is missing where the answer was not recorded, or nothing at the target was', async () => {
    expect(await effect({ ...read('t1', 1_000, { version: 3 }), outcome: 'unknown' })).toMatchObject({
      state: 'missing',
      reason: 'gap in the source',
    })
    expect(await effect({ ...read('t1', 1_000), kind: 'operation' })).toMatchObject({
      state: 'missing',
      reason: 'nothing recorded at the target',
    })
  })
})

describe('the identity as the vault knows it', () => {
  it('R1.13 carries how the person authenticated, from the sign-in that tells', async () => {
    const plain = signIn('s1', 'ada', 1_000)
    const strong = { ...signIn('s1', 'ada', 1_200, 'vault'), attributes: { acr: '2', amr: ['otp'], mfa: 'totp' } }
    const { identity } = await chain(read('t1', 3_000), [plain, strong, logIn('t1', 2_000, { session: 's1' })])
    expect(identity?.strength).toEqual({ acr: '2', amr: ['otp'], secondFactor: 'totp' })
  })

  it('R1.13 says nothing of strength where none is recorded, or the session is one of several', async () => {
    const strong = { ...signIn('s1', 'ada', 1_000), attributes: { acr: '2' } }
    const login = logIn('t1', 2_000, { person: 'ada' }, { displayName: 'oidc-ada' })
    const use = read('t1', 3_000, { displayName: 'oidc-ada' })
    expect((await chain(use, [strong, signIn('s2', 'ada', 1_500), login])).identity).toEqual({
      system: 'vault',
      displayName: 'oidc-ada',
    })
    expect((await chain(use, [signIn('s1', 'ada', 1_000), login])).identity).not.toHaveProperty('strength')
    const sources = sourcesWith('idp', { gaps: [{ from: 0, to: 500 }] })
    expect((await chain(use, [strong, login], { sources })).identity).not.toHaveProperty('strength')
    expect((await chain(use, [strong, login])).identity?.strength).toEqual({ acr: '2' })
  })

  it('R1.4 is that of the login where a dead token’s request names nobody', async () => {
    const login = logIn('t1', 2_000, { session: 's1' }, { displayName: 'oidc-ada', entityId: 'e1', role: 'staff' })
    const { identity } = await chain(read('t1', 3_000, { refusedAsDead: true }), [signIn('s1', 'ada', 1_000), login])
    expect(identity).toEqual({ system: 'vault', displayName: 'oidc-ada', entityId: 'e1', role: 'staff' })
  })
})
