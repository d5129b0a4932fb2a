import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { merge, type Activity, type JsonObject, type SourceInstance } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { interpretRaw, mask, store } from '../fixture-cases.js'
import { kubernetes } from './index.js'

const FIXTURES = join(dirname(fileURLToPath(import.meta.url)), 'fixtures')
const read = (file: string): JsonObject => JSON.parse(readFileSync(join(FIXTURES, file), 'utf8')) as JsonObject
const SOURCE = read('source.json') as unknown as SourceInstance
const raw = (name: string): JsonObject => read(`${name}.raw.json`)

function activity(name: string, changes: JsonObject = {}): Activity {
  return interpretRaw(kubernetes, SOURCE, JSON.stringify({ ...raw(name), ...changes }))
}

const stored = (name: string): string => JSON.stringify(store(kubernetes, SOURCE, raw(name)).payload)

describe('what is stored of an event', () => {
  it('R2.6 holds no body of a secret, no token and no command', () => {
    expect(stored('secret-written')).not.toContain('c2VjcmV0')
    expect(stored('token-requested')).not.toContain('MUSTNOTBEKEPT')
    expect(stored('token-review')).not.toContain('MUSTNOTBEKEPT')
    expect(stored('exec')).not.toContain('PASSWORD')
  })
})

describe('the id of a request', () => {
  it('R1.9 is one fact with the moment of its arrival only: a client may choose it', () => {
    const other = activity('secret-read', { requestReceivedTimestamp: '2026-11-23T05:10:01.000000Z' })
    expect(other.factId).not.toBe(activity('secret-read').factId)
  })

  it('R1.9 joins a creation whose arrival did not know its name', () => {
    const arrival = { stage: 'RequestReceived', responseStatus: null, annotations: null }
    const nameless = { ...(raw('secret-created')['objectRef'] as JsonObject), name: undefined } as JsonObject
    const merged = merge(activity('secret-created'), activity('secret-created', { ...arrival, objectRef: nameless }))
    expect([merged.conflicts, merged.target?.path]).toEqual([[], 'secrets/orders-db'])
  })
})

describe('a request of which only the arrival was recorded', () => {
  it('R1.4 went nobody knows how', () => {
    expect(activity('secret-read-request-received').outcome).toBe('unknown')
  })
})

describe('a list or watch of secrets', () => {
  it('R1.2 is a read of all of them', () => {
    for (const name of ['secret-list', 'secret-watch-cluster'])
      expect(activity(name)).toMatchObject({
        kind: 'secret-read',
        target: { path: 'secrets/*' },
        attributes: { everythingBelow: true },
      })
  })
})

describe('a dry run', () => {
  const of = (name: string, uri: string): Activity => activity(name, { requestURI: uri })
  const uri = '/api/v1/namespaces/shop/secrets/orders-db?fieldManager=kubectl-edit&dryRun=All'

  it('R1.1 changes nothing: no secret is written, destroyed or ended, and no rule changed', () => {
    const tried = ['secret-written', 'secret-created', 'role-binding-created', 'csr-approved']
    for (const name of tried) {
      const { kind, groups, attributes } = of(name, uri)
      expect([kind, attributes['dryRun'], groups.filter(({ verb }) => verb === 'ends')]).toEqual(['operation', true, []])
    }
  })

  it('R1.1 is not known of a deletion: one with a body, of which no record tells, is carried out whatever its query says', () => {
    for (const verb of ['delete', 'deletecollection']) {
      const { kind, outcome, groups, attributes } = activity('secret-deleted', { requestURI: uri, verb })
      expect([kind, outcome, attributes['dryRun']]).toEqual(['secret-destroyed', 'unknown', undefined])
      expect(groups.filter((group) => group.verb === 'ends')).toEqual([])
    }
    const refused = { requestURI: uri, responseStatus: { code: 403 } }
    expect(activity('secret-deleted', refused).outcome).toBe('denied')
  })

  it('R2.6 is all that is kept of a query', () => {
    const record = { ...raw('secret-written'), requestURI: `${uri}&note=hunter2` }
    expect(store(kubernetes, SOURCE, record).payload['requestURI']).toBe('/api/v1/namespaces/shop/secrets/orders-db?dryRun=All')
  })

  it('R1.1 is not what a value that only resembles it asks for', () => {
    for (const query of ['?dryRun=', '?note=dryRun=All', ''])
      expect(of('secret-written', uri.replace(/\?.*/, query)).kind).toBe('secret-written')
  })
}) // prettier-ignore

describe('a custom resource that is called like one of the API', () => {
  it('R1.2 is no secret of the cluster, and no rule of its access', () => {
    const of = (name: string, apiGroup: string): Activity =>
      activity(name, { objectRef: { ...(raw(name)['objectRef'] as JsonObject), apiGroup } })
    const managed = of('secret-read', 'secretsmanager.aws.upbound.io')
    expect([managed.kind, managed.target]).toEqual(['operation', undefined])
    expect(of('secret-written', 'secretsmanager.aws.upbound.io').groups.filter(({ verb }) => verb === 'ends')).toEqual([])
    expect(of('role-binding-created', 'iam.example.com').kind).toBe('operation')
    expect(of('role-binding-created', 'rbac.authorization.k8s.io').kind).toBe('policy-changed')
    expect(of('secret-read', '')).toEqual(activity('secret-read'))
  })
}) // prettier-ignore

describe('a token of the old kind', () => {
  const ANNOTATION = 'authentication.k8s.io/legacy-token'
  const ACCOUNT = 'system:serviceaccount:shop:legacy'
  const tokenOf = (annotations: JsonObject): string | undefined =>
    activity('secret-read-legacy-token', { annotations })
      .groups.find(({ role }) => role === 'caller')
      ?.forms.map(({ key }) => key)
      .join()

  it('R2.1 is the secret that holds it, and another than that account’s other one', () => {
    const [first, second] = ['autogenerated', 'manual'].map((made) =>
      tokenOf({ [ANNOTATION]: ACCOUNT, [`${ANNOTATION}-${made}-secret`]: `legacy-${made}` }),
    )
    expect([first, second]).toEqual(
      ['autogenerated', 'manual'].map((made) => `kubernetes-token:tideline-prod:secret/shop/legacy-${made}`),
    )
  })

  it('R1.4 is any of its account’s where the record tells the account alone', () => {
    expect(tokenOf({ [ANNOTATION]: ACCOUNT })).toBe(`kubernetes-token:tideline-prod:any-of/${ACCOUNT}`)
  })
})

describe('whom EKS let in', () => {
  const USER = raw('secret-read-at-eks')['user'] as JsonObject
  const extra = USER['extra'] as JsonObject
  const letIn = (changes: JsonObject): Activity => activity('secret-read-at-eks', { user: { ...USER, ...changes } })
  const caller = ({ groups }: Activity): string[] =>
    groups.filter(({ role }) => role === 'caller').flatMap(({ forms }) => forms.map(({ key }) => key))

  it('R1.7 comes through the access key whose signature AWS checked, told as AWS’s own records tell it', () => {
    const { attributes, groups } = letIn({})
    expect(caller(letIn({}))).toEqual([`aws-access-key:aws:${mask('ASIADEPLOYRUN1EXAMPL')}`])
    expect(groups.find(({ role }) => role === 'principal')?.forms[0]?.key).toBe('aws-principal:aws:AROAEXAMPLECIDEPLOY01')
    expect(attributes).toMatchObject({ role: 'arn:aws:iam::111122223333:role/ci-deploy', sessionName: 'GitHubActions' })
    expect(attributes['callerOrigin']).toBeUndefined()
    expect(stored('secret-read-at-eks')).not.toMatch(/ASIA[A-Z0-9]{16}/)
  })

  it('R1.6 with a key that lasts ends the walk at its user', () => {
    const lasting = letIn({ extra: { ...extra, accessKeyId: ['AKIAI44QH8DHBEXAMPLE'] } })
    expect(lasting.attributes['callerOrigin']).toBe('long-lived')
  })

  it('R1.4 is nobody’s word but that of its authenticator: other webhooks may write the same members', () => {
    const other = letIn({ uid: 'idp-4711' })
    expect([caller(other), other.attributes['callerOrigin'], other.attributes['role']]).toEqual([[], 'unrecorded', undefined])
    expect(JSON.stringify(store(kubernetes, SOURCE, { ...raw('secret-read-at-eks'), user: { ...USER, uid: 'idp-4711' } }).payload)).not.toContain(mask('ASIADEPLOYRUN1EXAMPL'))
  })
}) // prettier-ignore

describe('impersonation', () => {
  it('R1.6 shows whom the server authenticated, and beside it who was named', () => {
    expect(activity('secret-read-impersonated').attributes).toMatchObject({
      displayName: 'nora@tideline.example',
      impersonatedUser: 'system:serviceaccount:shop:orders',
    })
  })
})

describe('the authorizer’s reason', () => {
  it('R1.8 is the right as recorded, and none where it refused', () => {
    expect(activity('secret-read').attributes['grantedBy']).toEqual([
      'RoleBinding orders-secrets/shop of Role secret-reader',
    ])
    const annotations = {
      'authorization.k8s.io/decision': 'forbid',
      'authorization.k8s.io/reason': 'outside its hours',
    }
    expect(activity('secret-read-denied', { annotations }).attributes['grantedBy']).toBeUndefined()
  })
})
