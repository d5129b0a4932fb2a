import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Activity, JsonObject, SourceInstance } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { interpretRaw, store } from '../fixture-cases.js'
import { googleCloud } from './index.js'

const FIXTURES = join(dirname(fileURLToPath(import.meta.url)), 'fixtures')
const read = (file: string): JsonObject => JSON.parse(readFileSync(join(FIXTURES, file), 'utf8')) as JsonObject
const SOURCE = read('source.json') as unknown as SourceInstance
const raw = (name: string): JsonObject => read(`${name}.raw.json`)

function activity(name: string, changed = (text: string): string => text): Activity {
  return interpretRaw(googleCloud, SOURCE, changed(JSON.stringify(raw(name))))
}

const keysOf = ({ groups }: Activity, role: string): string[] =>
  groups.filter((group) => group.role === role).flatMap(({ forms }) => forms.map(({ key }) => key))

describe('a request that names no caller', () => {
  it.each([
    [16, {}, 'unauthenticated'],
    [16, { principalEmail: 'nora@tideline.example' }, 'unrecorded'],
    [7, {}, 'unrecorded'],
    [undefined, {}, 'unrecorded'],
  ])('R1.4 was made by nobody only where it was refused for want of an identity: code %s, %j', (code, authenticationInfo, origin) => {
    const changed = (text: string): string => {
      const entry = JSON.parse(text) as { protoPayload: JsonObject }
      return JSON.stringify({ ...entry, protoPayload: { ...entry.protoPayload, authenticationInfo, status: { code } } })
    }
    expect(activity('secret-read', changed).attributes['callerOrigin']).toBe(origin)
  })
}) // prettier-ignore

describe('a secret', () => {
  it('R2.1 is one slot by the number and by the id of its project', () => {
    const [byNumber, byId] = ['secret-read', 'secret-read-newest'].map((name) => activity(name).target)
    expect([byId?.container, byId?.path]).toEqual([byNumber?.container, byNumber?.path])
    expect([byNumber?.version, byId?.version]).toEqual([7, undefined])
  })

  it.each([
    ['secret-read', 'succeeded'],
    ['secret-read-denied', 'denied'],
    ['secret-read-not-granted', 'denied'],
    ['secret-read-not-found', 'failed'],
    ['policy-denied', 'denied'],
  ])('R1.4 %s is %s', (name, outcome) => {
    expect(activity(name).outcome).toBe(outcome)
  })
})

describe('a key of a service account', () => {
  it('R2.1 is the same made, used and deleted; disabled it has not ended', () => {
    const [made] = keysOf(activity('account-key-created'), 'issued')
    expect(keysOf(activity('secret-read-with-key'), 'caller')).toEqual([made])
    expect(keysOf(activity('account-key-deleted'), 'key')).toEqual([made])
    const ends = (name: string): boolean => activity(name).groups.some(({ verb }) => verb === 'ends')
    expect([ends('account-key-deleted'), ends('account-key-disabled')]).toEqual([true, false])
  })

  it('R2.1 is the same where the request names its account by number: the entry tells the address beside it', () => {
    const labels = '"email_id":"deploy@tideline-pay.iam.gserviceaccount.com","unique_id":"109876543210987654321",'
    const byNumber = activity('account-key-deleted', (text) =>
      text
        .replace(
          'serviceAccounts/deploy@tideline-pay.iam.gserviceaccount.com/',
          'serviceAccounts/109876543210987654321/',
        )
        .replace('"labels":{', `"labels":{${labels}`),
    )
    const byAddress = activity('account-key-deleted')
    expect([keysOf(byNumber, 'key'), byNumber.target]).toEqual([keysOf(byAddress, 'key'), byAddress.target])
  })
})

describe('a key of an API', () => {
  it('R1.2 is what was read where it is shown, by the id of its project', () => {
    const { kind, target } = activity('api-key-shown')
    expect([kind, target?.container, target?.path]).toEqual([
      'secret-read',
      'projects/tideline-pay',
      'api-keys/1f2e3d4c',
    ])
  })
})

describe('the identity of a call', () => {
  it('R1.6 behind a service account is whoever took it on first', () => {
    const { attributes } = activity('secret-read-on-behalf-of-job')
    expect(attributes).toMatchObject({ takenOn: true, displayName: 'deploy@tideline-pay.iam.gserviceaccount.com' })
    expect(keysOf(activity('secret-read-on-behalf-of-job'), 'federated-run')).toEqual(
      keysOf(activity('secret-read-by-job'), 'federated-run'),
    )
  })

  it('R1.6 of a pool that is called after its project is the one that was declared', () => {
    const pool = 'projects/481516234200/locations/global/workloadIdentityPools/tideline-pay.svc.id.goog/'
    const [federation] = SOURCE.federations
    const declared = { ...SOURCE, federations: [{ ...federation!, mount: pool, claims: { run_id: 'subject' } }] }
    const record = JSON.stringify(raw('secret-read-by-job')).replace(
      /workloadIdentityPools\/ci\/subject\/[^"]*/,
      'workloadIdentityPools/tideline-pay.svc.id.goog/subject/ns/pay/sa/orders',
    )
    expect(keysOf(interpretRaw(googleCloud, declared, record), 'federated-run')).toEqual([
      'ci-run:github/github.com:ns/pay/sa/orders',
    ])
    expect(keysOf(interpretRaw(googleCloud, SOURCE, record), 'federated-run')).toEqual([])
  })

  it('R1.4 that has a key presents no other issuer’s claims', () => {
    expect(activity('secret-read-with-key').attributes['origin']).toBeUndefined()
  })
})

describe('what is stored', () => {
  it('R2.6 holds no payload, token, key, policy or message', () => {
    const names = 'secret-version-added account-key-created token-signed token-exchanged api-key-shown policy-changed secret-read-denied'
    for (const name of names.split(' '))
      expect(JSON.stringify(store(googleCloud, SOURCE, raw(name)).payload)).not.toContain('MUSTNOTBEKEPT')
  }) // prettier-ignore
})
