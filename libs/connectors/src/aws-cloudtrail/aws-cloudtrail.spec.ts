import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { liftPayload, merge, type Activity, type JsonObject, type SourceInstance } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { interpretRaw, mask, store, storeRedacted } from '../fixture-cases.js'
import { expiryOf } from './expiry.js'
import { awsCloudtrail } from './index.js'

const FIXTURES = join(dirname(fileURLToPath(import.meta.url)), 'fixtures')
const read = (file: string): JsonObject => JSON.parse(readFileSync(join(FIXTURES, file), 'utf8')) as JsonObject
const SOURCE = read('source.json') as unknown as SourceInstance
const raw = (name: string): JsonObject => read(`${name}.raw.json`)

function activity(name: string, changes: JsonObject = {}): Activity {
  return interpretRaw(awsCloudtrail, SOURCE, JSON.stringify({ ...raw(name), ...changes }))
}

function stored(record: JsonObject, source = SOURCE): string {
  return JSON.stringify(store(awsCloudtrail, source, record).payload)
}

const keysOf = ({ groups }: Activity, role: string): string[] =>
  groups.filter((group) => group.role === role).flatMap(({ forms }) => forms.map(({ key }) => key))

describe('a secret of Secrets Manager', () => {
  it('R2.1 is one slot by name, by ARN, and when it was made anew', () => {
    const byArn = activity('get-secret-value')
    const anew = activity('get-secret-value', {
      requestParameters: { secretId: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/orders/db-Xy9Zw8' },
    })
    expect(activity('get-secret-value-by-name').target).toEqual(byArn.target)
    expect(anew.target).toEqual(byArn.target)
    expect(anew.attributes['resourceId']).not.toEqual(byArn.attributes['resourceId'])
  })

  it('R2.1 belongs to the account in its ARN, whoever read it', () => {
    const { target } = activity('get-secret-value', { recipientAccountId: '444455556666' })
    expect(target?.system).toBe('aws/111122223333')
  })

  it('R1.1 ends for its reader once a value is in force, not while one is pending', () => {
    const enders = ['put-secret-value', 'update-secret-version-stage', 'rotation-succeeded', 'delete-secret']
    const others = ['put-secret-value-pending', 'update-secret-description', 'rotate-secret', 'create-secret']
    expect(enders.map((name) => keysOf(activity(name), 'slot').length)).toEqual(enders.map(() => 1))
    expect(others.flatMap((name) => keysOf(activity(name), 'slot'))).toEqual([])
  })

  it('R1.1 perhaps ends by an update that may have been of its value, and not by one that cannot have been', () => {
    const token = { clientRequestToken: '4d383ea9-084a-49c9-8722-cbfb0f25c456' }
    const update = (request: JsonObject, responseElements: JsonObject | null): Activity =>
      activity('update-secret-description', {
        requestParameters: { secretId: 'prod/orders/db', ...request },
        responseElements,
      })
    for (const perhaps of [update(token, null), update({ ...token, description: 'orders' }, null)]) {
      const { kind, attributes } = perhaps
      expect([kind, attributes['versionsHidden'], keysOf(perhaps, 'slot').length]).toEqual(['secret-written', true, 1])
    }
    const sure = update(token, { versionId: '4d383ea9-084a-49c9-8722-cbfb0f25c456' })
    expect([sure.attributes['versionsHidden'], keysOf(sure, 'slot').length]).toEqual([undefined, 1])
    const never = update({ kmsKeyId: 'alias/orders' }, null)
    expect([never.kind, keysOf(never, 'slot')]).toEqual(['configuration-changed', []])
  })

  it('R1.1 R1.4 perhaps ends by an update that was stored when no token was kept, and by no other change of then', () => {
    const lifted = (change: JsonObject = {}, version = 1): Activity => {
      const old = { ...read('update-secret.stored-by-version-1.json'), ...change }
      const payload = liftPayload(awsCloudtrail, version, old)
      return awsCloudtrail.interpret(storeRedacted(awsCloudtrail, SOURCE, old, payload), SOURCE)
    }
    const perhaps = lifted()
    expect([perhaps.kind, perhaps.attributes['versionsHidden'], keysOf(perhaps, 'slot').length]).toEqual(['secret-written', true, 1])
    const sure = lifted({ responseElements: { versionId: '4d383ea9-084a-49c9-8722-cbfb0f25c456' } })
    expect([sure.attributes['versionsHidden'], keysOf(sure, 'slot').length]).toEqual([undefined, 1])
    expect(keysOf(lifted({ errorCode: 'ResourceNotFoundException' }), 'slot')).toEqual([])
    // One that was stored since, and names no token, is of something else.
    expect(lifted({}, 2).kind).toBe('configuration-changed')
    expect(lifted({ eventName: 'UpdateSecretVersionStage' }).attributes['versionsHidden']).toBeUndefined()
    expect(read('update-secret.stored-by-version-1.json')).not.toHaveProperty('requestParameters.clientRequestToken')
  }) // prettier-ignore

  it('R2.1 is called as AWS answers, where an ARN without its six characters could be read as another secret’s', () => {
    const arn = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/orders-secret'
    const deleted = activity('delete-secret', {
      requestParameters: { secretId: arn },
      responseElements: { arn: `${arn}-AbC123`, name: 'prod/orders-secret' },
    })
    expect(deleted.target?.path).toBe('prod/orders-secret')
  })

  it('R1.1 does not end by a request that was refused', () => {
    expect(keysOf(activity('delete-secret', { errorCode: 'AccessDeniedException' }), 'slot')).toEqual([])
  })

  it('R1.2 is read once, although KMS was asked for it too', () => {
    const behind = activity('kms-decrypt-behind-a-read')
    expect([behind.kind, activity('kms-decrypt').kind]).toEqual(['operation', 'key-used'])
    expect(behind.attributes['forSecret']).toBe(activity('get-secret-value').attributes['resourceId'])
  })
})

describe('parameters of which some are not there', () => {
  it('R1.1 end without those', () => {
    const responseElements = { deletedParameters: ['/prod/orders/api'], invalidParameters: ['/prod/orders/mail'] }
    const requestParameters = { names: ['/prod/orders/api', '/prod/orders/mail'] }
    const { target, groups } = activity('delete-parameters', { requestParameters, responseElements })
    expect(target?.path).toBe('prod/orders/api')
    expect(groups.filter(({ verb }) => verb === 'ends')).toHaveLength(1)
    const none = activity('delete-parameters', { requestParameters, responseElements: { invalidParameters: requestParameters.names } })
    expect([none.kind, none.target, none.groups.filter(({ verb }) => verb === 'ends')]).toEqual(['operation', undefined, []])
  })
}) // prettier-ignore

describe('the first password of a machine', () => {
  it('R1.2 is retrieved by whoever asks for it', () => {
    const { kind, target } = activity('machine-password')
    expect([kind, target?.system, target?.path]).toEqual(['secret-read', 'aws/111122223333', 'instances/i-0a1b2c3d4e5f60718/password'])
  })
}) // prettier-ignore

describe('a call that a VPC endpoint saw', () => {
  /** As the endpoint's owner is told of it. */
  const seen = (name: string, changes: JsonObject = {}): Activity =>
    activity(name, {
      ...{ eventType: 'AwsVpceEvent', eventCategory: 'NetworkActivity', vpcEndpointId: 'vpce-0a1b2c3d4e5f60718' },
      ...{ eventID: '5c1f8a5c-2b7d-4c55-9d5e-0000000000aa', sharedEventID: '6f2a7b31-9c1e-4b61-8c1f-0000000000bb' },
      ...{ requestParameters: null, responseElements: null, ...changes },
    })

  it('R1.2 is one access: the service logs it under another id', () => {
    const [logged, passed] = [activity('get-secret-value'), seen('get-secret-value')]
    expect([logged.kind, passed.kind, passed.target]).toEqual(['secret-read', 'operation', undefined])
    expect(keysOf(passed, 'caller')).toEqual(keysOf(logged, 'caller'))
    expect(seen('assume-role-by-user').kind).toBe('operation')
  })

  it('R1.2 is an attempt where the endpoint refused it', () => {
    const { kind, outcome } = seen('get-secret-value', { errorCode: 'VpceAccessDenied' })
    expect([kind, outcome]).toEqual(['secret-read', 'denied'])
  })
})

describe('an access key', () => {
  it('R2.6 is stored as its hash, and as the same one wherever it stands', () => {
    const made = activity('create-access-key')
    const used = activity('get-secret-value-static-key')
    expect(keysOf(made, 'issued')).toEqual(keysOf(used, 'caller'))
    expect(stored(raw('create-access-key'))).not.toMatch(/AKIA[A-Z0-9]{16}/)
    expect(used.attributes['callerOrigin']).toBe('long-lived')
  })

  it('R1.4 that is switched off has not ended: it may be switched on again', () => {
    const ends = (name: string): boolean => activity(name).groups.some(({ verb }) => verb === 'ends')
    expect([ends('disable-access-key'), ends('delete-access-key')]).toEqual([false, true])
  })

  it('R1.4 is none where the call was refused', () => {
    const refused = { errorCode: 'AccessDenied' }
    for (const name of ['create-access-key', 'assume-role-by-user', 'web-identity-run', 'get-session-token'])
      expect(keysOf(activity(name, refused), 'issued')).toEqual([])
  })
})

describe('a login with a token of an identity provider', () => {
  it('R1.4 presents nothing where it failed', () => {
    const roles = activity('web-identity-denied').groups.map(({ role }) => role)
    expect(roles.filter((role) => role.startsWith('federated'))).toEqual([])
  })

  it('R1.4 takes a session name for a claim only out of a SAML assertion', () => {
    const federations = SOURCE.federations.map((one) => ({ ...one, claims: { preferred_username: 'session_name' } }))
    const source = { ...SOURCE, federations }
    const name = (record: string): string[] =>
      keysOf(interpretRaw(awsCloudtrail, source, JSON.stringify(raw(record))), 'federated-name')
    expect([name('saml-login').length, name('web-identity-person').length]).toEqual([1, 0])
  })

  it('R2.6 stores declared session tags only', () => {
    const bare = { ...SOURCE, federations: [] }
    expect(stored(raw('web-identity-person'))).toContain('b3f1a6c2-session')
    expect(stored(raw('web-identity-person'))).not.toContain('"team"')
    expect(stored(raw('web-identity-person'), bare)).not.toContain('b3f1a6c2-session')
  })
})

describe('one call in the logs of two accounts', () => {
  it('R1.9 is one fact without a conflict, in either order', () => {
    const [caller, owner] = [activity('assume-role-cross-account-caller'), activity('assume-role-cross-account-owner')]
    expect(caller.factId).toBe(owner.factId)
    expect(merge(caller, owner)).toEqual(merge(owner, caller))
    expect(merge(caller, owner).conflicts).toEqual([])
    expect(merge(caller, owner).attributes['callerOrigin']).toBe(caller.attributes['callerOrigin'])
  })

  it('R1.9 is one fact without a conflict too where the caller held a key that lasts', () => {
    const { sharedEventID } = raw('assume-role-cross-account-owner')
    const owner = activity('assume-role-cross-account-owner', {
      ...raw('assume-role-by-user'),
      sharedEventID: sharedEventID ?? null,
      eventID: '0e1f8a5c-2b7d-4c55-9d5e-0000000000fe',
      userIdentity: { type: 'AWSAccount', principalId: 'AIDAEXAMPLEREPORTING1', accountId: '111122223333' },
    })
    const caller = activity('assume-role-by-user', { sharedEventID: sharedEventID ?? null })
    const merged = merge(caller, owner)
    expect([merged.conflicts, merged.attributes['callerOrigin']]).toEqual([[], 'long-lived'])
    expect(owner.attributes['callerAccount']).toBe('111122223333')
  })
})

describe('what is stored', () => {
  it('R2.6 holds no session token, value, password, policy or message', () => {
    const secrets = { value: 'Canary', secretString: 'Canary', secretBinary: 'Canary', password: 'Canary', policy: 'Canary' }
    for (const name of ['put-secret-value', 'put-parameter', 'create-login-profile', 'assume-role-by-user', 'other-service']) {
      const record = raw(name)
      const requestParameters = { ...(record['requestParameters'] as JsonObject), ...secrets }
      const text = stored({ ...record, requestParameters, errorMessage: 'Canary' })
      expect(text).not.toContain('Canary')
      expect(text).not.toContain('sessionToken')
    }
  }) // prettier-ignore

  it('R2.6 masks the name of a sign-in that failed: it may be a password', () => {
    expect(stored(raw('console-login-failed'))).toContain(mask('typed-something-else'))
    expect(stored(raw('console-login-failed'))).not.toContain('"typed-something-else"')
    expect(stored(raw('console-login'))).toContain('"nora"')
  })
})

describe('times and outcomes', () => {
  it.each([
    ['Success', 'succeeded'],
    ['Failure', 'denied'],
    [undefined, 'unknown'],
    ['-', 'unknown'],
  ])('R1.4 a sign-in to the console that answers %s has %s', (ConsoleLogin, outcome) => {
    expect(activity('console-login', { responseElements: { ConsoleLogin } }).outcome).toBe(outcome)
  })

  it('R1.4 a call from another account is nobody’s only where nobody signed it', () => {
    const origin = (accountId?: string): unknown =>
      activity('get-secret-value', { userIdentity: { type: 'AWSAccount', accountId } }).attributes['callerOrigin']
    expect([origin('ANONYMOUS_PRINCIPAL'), origin('444455556666'), origin()]).toEqual(['unauthenticated', undefined, undefined])
  }) // prettier-ignore

  it('reads the dates that STS prints', () => {
    const noon = Date.UTC(2023, 6, 10, 12, 7, 59)
    expect(expiryOf('Jul 10, 2023, 12:07:59 PM')).toBe(noon)
    expect(expiryOf('Jul 10, 2023 12:07:59\u202fPM')).toBe(noon)
    expect(expiryOf('Jul 10, 2023, 12:07:59 AM')).toBe(noon - 12 * 3_600_000)
    expect(expiryOf('2023-07-10T12:07:59Z')).toBe(noon)
    expect(expiryOf('soon')).toBeUndefined()
  })

  it.each([
    ['AccessDenied', 'denied'],
    ['AccessDeniedException', 'denied'],
    ['Client.UnauthorizedOperation', 'denied'],
    ['ResourceNotFoundException', 'failed'],
    ['ThrottlingException', 'failed'],
  ])('takes %s as %s', (errorCode, outcome) => {
    expect(activity('get-secret-value', { errorCode }).outcome).toBe(outcome)
  })
})
