import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { merge, type Activity, type JsonObject, type SourceInstance } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { interpretRaw, store } from '../fixture-cases.js'
import { azureKeyVault } from './index.js'

const FIXTURES = join(dirname(fileURLToPath(import.meta.url)), 'fixtures')
const read = (file: string): JsonObject => JSON.parse(readFileSync(join(FIXTURES, file), 'utf8')) as JsonObject
const SOURCE = read('source.json') as unknown as SourceInstance
const raw = (name: string): JsonObject => read(`${name}.raw.json`)

function activity(name: string, changes: JsonObject = {}): Activity {
  return interpretRaw(azureKeyVault, SOURCE, JSON.stringify({ ...raw(name), ...changes }))
}

describe('a secret', () => {
  it('R2.1 is one slot however its name, its vault and the resource are written', () => {
    const names = ['secret-read', 'secret-read-newest', 'secret-set', 'secret-purged', 'secret-recovered']
    const slots = names.map((name) => activity(name).target)
    expect(new Set(slots.map((slot) => `${slot?.container ?? ''} ${slot?.path ?? ''}`))).toEqual(
      new Set(['vaults/tideline-pay secrets/orders-db']),
    )
  })

  it.each([
    [200, 'succeeded'],
    [401, 'denied'],
    [403, 'denied'],
    [404, 'failed'],
    [429, 'failed'],
  ])('R1.4 was read or not by the status %s, whatever the result says', (httpStatusCode, outcome) => {
    const properties = { ...(raw('secret-read')['properties'] as JsonObject), httpStatusCode }
    expect(activity('secret-read', { properties, resultType: 'Success' }).outcome).toBe(outcome)
  })
})

describe('a request whose record leaves out what it should tell', () => {
  it('R1.4 is not known to have read anything without a status: a secret that is not there is a success, too', () => {
    const properties = { ...(raw('secret-read-not-found')['properties'] as JsonObject), httpStatusCode: null }
    const told = (resultSignature: string): string =>
      activity('secret-read-not-found', { properties, resultType: 'Success', resultSignature }).outcome
    expect(['', 'Not Found', 'OK'].map(told)).toEqual(['unknown', 'unknown', 'succeeded'])
  })

  it('R1.4 was made by nobody only where it was refused for want of a token', () => {
    const origin = (httpStatusCode: number, claim: JsonObject = {}): unknown =>
      activity('secret-read', { identity: { claim }, properties: { httpStatusCode } }).attributes['callerOrigin']
    expect([200, 401, 403].map((status) => origin(status))).toEqual(['unrecorded', 'unauthenticated', 'unrecorded'])
    expect(origin(401, { appid: '9d5bbd24-1f0c-4a8f-8f1d-0d5a6b7c8e9f' })).toBe('unrecorded')
  })
})

describe('a call of the resource manager', () => {
  it('R1.9 is one fact of the records of its steps', () => {
    const started = activity('vault-deleted', { resultType: 'Start', resultSignature: 'Started.' })
    const lower = (raw('vault-deleted')['operationName'] as string).toLowerCase()
    const done = activity('vault-deleted', { operationName: lower, time: '2026-11-23T09:00:03Z' })
    const merged = merge(started, done)
    expect([merged.outcome, merged.conflicts]).toEqual(['succeeded', []])
  })
})

describe('a call that yields credentials of a resource', () => {
  it.each([
    'Microsoft.Storage/storageAccounts/listKeys/action',
    'Microsoft.Logic/workflows/triggers/listCallbackUrl/action',
    'Microsoft.Compute/disks/beginGetAccess/action',
    'Microsoft.ContainerRegistry/registries/generateCredentials/action',
    'Microsoft.Web/sites/config/list/action',
    'Microsoft.Web/sites/slots/publishxml/action',
    'Microsoft.OperationalInsights/workspaces/sharedKeys/action',
    'Microsoft.DocumentDB/databaseAccounts/readonlykeys/action',
    'Microsoft.ApiManagement/service/namedValues/listValue/action',
  ])('R1.2 is a read of them: %s', (operationName) => {
    expect(activity('storage-keys-listed', { operationName }).kind).toBe('secret-read')
  })

  it('R1.2 is no list of anything else', () => {
    const operationName = 'Microsoft.Web/sites/listSyncStatus/action'
    expect(activity('storage-keys-listed', { operationName }).kind).toBe('operation')
  })
})

describe('a request', () => {
  it('R1.9 is known by its record alone: its correlation id is the client’s', () => {
    const factOf = (recordId: string): string =>
      interpretRaw(azureKeyVault, SOURCE, JSON.stringify(raw('secret-read')), { recordId }).factId
    expect(factOf('a')).not.toBe(factOf('b'))
  })
})

describe('what is stored', () => {
  it('R2.6 holds no value, listed key, query or description', () => {
    for (const name of ['secret-set', 'storage-keys-listed', 'secret-read-newest', 'secret-read-denied', 'secret-read'])
      expect(JSON.stringify(store(azureKeyVault, SOURCE, raw(name)).payload)).not.toContain('MUSTNOTBEKEPT')
  })
})
