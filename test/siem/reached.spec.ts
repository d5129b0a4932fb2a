import { MemoryFacts, WALK_DEFAULTS, type MemoryFactIndex, type WalkSettings } from '@catena/access-chain'
import type { Activity, SourceInstance } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import {
  accountLogIn,
  approval,
  attempt,
  directoryChange,
  exchange,
  GITHUB,
  joined,
  lease,
  leaseEnd,
  underAccount,
  unwrap,
  wrap,
} from '../../libs/access-chain/src/testing/facts.js'
import { fact, key, logIn, read, signIn, signOut, sourcesWith } from '../../libs/access-chain/src/testing/given.js'
import { reachedBy } from '../../libs/siem/src/feed/reached.js'

const FEDERATIONS: SourceInstance['federations'] = [
  { mount: 'auth/oidc/', issuer: { kind: 'keycloak', scope: 'acme' }, claims: {} },
  { mount: 'auth/jwt/', issuer: { kind: 'github', scope: 'github.com' }, claims: {} },
]
const settings: WalkSettings = { ...WALK_DEFAULTS, sources: sourcesWith('vault', { federations: FEDERATIONS }) }

function knowing(facts: readonly Activity[]): MemoryFactIndex {
  const all = new MemoryFacts()
  for (const one of facts) all.add(one)
  return all.at({ position: 1 })
}

/** Ids of what was known and may have another chain now. */
async function reached(known: readonly Activity[], ...news: readonly Activity[]): Promise<string[]> {
  const [before, index] = [knowing(known), knowing([...known, ...news])]
  const { facts } = await reachedBy({ index, before, settings }, news)
  return facts.map(({ factId }) => factId).sort()
}

const byPerson = (token: string, at: number): Activity[] => [logIn(token, at, { person: 'ada' }), read(token, at + 1)]
const loginAndRead = (token: string, at: number): string[] => [`vault:login:${token}`, `vault:read:${token}:${at + 1}`]
const named = signIn('s0', 'ada', 1)

const job = fact({
  factId: 'ci:job',
  kind: 'job-observed',
  occurredAt: 1_000,
  groups: [key('attempt', 'establishes', 'ci-job', '5', 'login')],
})
const deployment = fact({
  factId: 'ci:deployment',
  kind: 'operation',
  occurredAt: 1_500,
  groups: [key('deployment', 'presents', 'deployment', '9'), key('job', 'presents', 'ci-job', '5')],
})
const agreed = fact({
  factId: 'ci:approval',
  kind: 'approval-observed',
  occurredAt: 1_400,
  groups: [key('deployment', 'presents', 'deployment', '9')],
})
const byJob = [
  {
    ...logIn('t', 5_000, {}, GITHUB),
    groups: [
      key('issued', 'establishes', 'vault-token', 't', 'login'),
      key('federated-attempt', 'presents', 'ci-job', '5'),
    ],
  },
  read('t', 5_001),
]

describe('what a new record may have changed', () => {
  it('R8.1 is what was unwrapped, when the lease ends that only the request for it shows', async () => {
    const id = 'db/creds/app/L1'
    const { groups } = lease(id, 't1', 1_000)
    const asked: Activity = { ...wrap('w1', 't1', 1_000), kind: 'lease-issued' }
    const opened = unwrap('w1', 't2', 5_000)
    const known = [{ ...asked, groups: [...asked.groups, ...groups.filter(({ role }) => role === 'lease')] }, opened]
    expect(await reached(known, leaseEnd(id, 9_000, 'lease-revoked'))).toContain(opened.factId)
  })

  it('R8.1 is what an agent obtained, by whichever of its names, once it is told that it was retired', async () => {
    const [own, other] = [key('holder', 'describes', 'agent', 'a1'), key('holder:0', 'describes', 'agent', 'spn-a1')]
    const registered = fact({ factId: 'vault:agent', kind: 'person-observed', occurredAt: 1, groups: [own, other] })
    const retired = fact({ factId: 'vault:retired', kind: 'person-observed', occurredAt: 9, groups: [own] })
    const login = logIn('t', 10_001, {})
    const held = { ...login, groups: [...login.groups, key('federated-holder', 'presents', 'agent', 'spn-a1')] }
    expect(await reached([registered, held, read('t', 10_002)], retired)).toEqual(
      expect.arrayContaining(loginAndRead('t', 10_001)),
    )
  })

  it('R8.1 is who logged in by a name after the session began, and while it can have lasted', async () => {
    const [before, after, muchLater] = [9_998, 10_002, 10_002 + WALK_DEFAULTS.sessionMaxMs]
    const known = [named, ...byPerson('before', before), ...byPerson('after', after), ...byPerson('later', muchLater)]
    expect(await reached(known, signIn('s1', 'ada', 10_000))).toEqual(loginAndRead('after', after))
  })

  it('R8.1 is found by whichever name a directory gives the person', async () => {
    const known = [named, directoryChange('ada', 1, { email: 'ada@acme', username: 'ada' }), logIn('t', 10_001, { email: 'ada@acme' }), read('t', 10_002)]
    expect(await reached(known, signIn('s1', 'ada', 10_000))).toEqual(loginAndRead('t', 10_001))
  }) // prettier-ignore

  it('R8.1 is no login that presents its own session, of a person whose name is known', async () => {
    const known = [named, logIn('t', 10_001, { session: 's0', person: 'ada' }), read('t', 10_002)]
    expect(await reached(known, signIn('s1', 'ada', 10_000))).toEqual([])
  })

  it('R8.1 is whoever a sign-in gives a name for the first time, whenever that was', async () => {
    const nameless = { ...named, attributes: {} }
    const known = [nameless, logIn('t', 10_001, { session: 's0' }), read('t', 10_002)]
    expect(await reached(known, signIn('s1', 'ada', 20_000))).toEqual(expect.arrayContaining(loginAndRead('t', 10_001)))
  })

  it('R8.1 is who may have come through a session that had ended', async () => {
    const known = [named, signIn('s1', 'ada', 10_000), ...byPerson('t', 20_000)]
    expect(await reached(known, signOut('s1', 15_000))).toEqual(expect.arrayContaining(loginAndRead('t', 20_000)))
  })

  it('R8.1 is who may have come through the session whose code was exchanged', async () => {
    const known = [signIn('s1', 'ada', 10_000), signIn('s2', 'ada', 10_000), ...byPerson('t', 20_000)]
    expect(await reached(known, exchange('s1', 20_000))).toEqual(expect.arrayContaining(loginAndRead('t', 20_000)))
  })

  it('R8.1 is what a run did that is approved late, also where the login names its repository alone', async () => {
    const known = [attempt('11', 1, 1_000), logIn('t', 5_000, { repository: '7' }, GITHUB), read('t', 5_001)]
    expect(await reached(known, approval('11', 2_000))).toEqual(expect.arrayContaining(loginAndRead('t', 5_000)))
  })

  it('R8.1 is nothing of the repository, approver or requester of what is approved', async () => {
    const known = [attempt('12', 1, 1_000), logIn('t', 5_000, { attempt: '12/1', repository: '7' }, GITHUB), read('t', 5_001), ...byPerson('u', 5_000)]
    const { groups, ...late } = approval('11', 2_000, 'approved', 'ada')
    expect(await reached(known, { ...late, groups: [...groups, key('repository', 'presents', 'repository', '7')] })).toEqual([])
  }) // prettier-ignore

  it.each([
    ['deployment', [job, agreed, ...byJob], deployment],
    ['approval', [job, deployment, ...byJob], agreed],
  ])('R8.1 is what a job did that carries out a deployment, when its %s comes last', async (_, known, last) => {
    expect(await reached(known, last)).toEqual(expect.arrayContaining(loginAndRead('t', 5_000)))
  })

  it('R8.1 is who logged in by a name of a person that is deleted', async () => {
    const known = [directoryChange('ada', 1, { email: 'ada@acme' }), logIn('t', 5_000, { email: 'ada@acme' }), read('t', 5_001)]
    expect(await reached(known, directoryChange('ada', 4_000, {}, { deleted: true }))).toEqual(expect.arrayContaining(loginAndRead('t', 5_000)))
  }) // prettier-ignore

  it('R8.1 is what was done by an account that an operator joined to the person who was disabled before', async () => {
    const known = [underAccount(accountLogIn('t', 'ops', 5_000), 'ops'), read('t', 5_001), joined('ops', 'ada', 9_000)]
    expect(await reached(known, directoryChange('ada', 4_000, {}, { enabled: false }))).toEqual(expect.arrayContaining(loginAndRead('t', 5_000)))
  }) // prettier-ignore

  it.each(['entra-token', 'kubernetes-token', 'google-account-key', 'svid', 'ci-job'] as const)('R8.1 is what was done with a %s of a person who was deleted before', async (namespace) => {
    const known = [
      fact({ factId: 'idp:sign-in', kind: 'login', occurredAt: 1_000, groups: [key('issued', 'establishes', namespace, 't', 'login'), key('person', 'binds', 'person', 'ada')] }),
      fact({ factId: 'vault:create', kind: 'token-created', occurredAt: 2_000, groups: [key('caller', 'presents', namespace, 't'), key('issued', 'establishes', namespace, 'child', 'handover')] }),
      fact({ factId: 'vault:read', kind: 'secret-read', occurredAt: 3_000, groups: [key('caller', 'presents', namespace, 'child')] }),
    ]
    expect(await reached(known, directoryChange('ada', 500, {}, { deleted: true }))).toEqual(expect.arrayContaining(['vault:create', 'vault:read']))
  }) // prettier-ignore

  it('R8.1 is no other token of an account that nobody is known by', async () => {
    const tokenOf = (name: string, at: number): Activity =>
      fact({ factId: `vault:create:${name}`, kind: 'token-created', occurredAt: at, groups: [key('issued', 'establishes', 'kubernetes-token', name, 'login'), key('issued-account', 'binds', 'kubernetes-account', 'default/shop')] })
    expect(await reached([tokenOf('a', 1_000)], tokenOf('b', 2_000))).toEqual([])
  }) // prettier-ignore
})
