import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Activity, Connector, JsonObject, SourceInstance } from '@catena/domain'
import type { LedgerEvent } from '@catena/ledger'
import { describe, expect, it } from '@jest/globals'
import { interpretEvent } from './project.js'

const SOURCE: SourceInstance = {
  id: 'vault-prod',
  kind: 'vault',
  scope: 'prod',
  sharedIdentities: [],
  gaps: [],
  federations: [],
}

/** As it was stored by the first version: neither its name for the actor nor its word for success is used any more. */
const STORED = readFileSync(join(import.meta.dirname, 'fixtures', 'stored-by-version-1.json'))

const connector = {
  kind: 'vault',
  redactionVersion: 3,
  upcasters: {
    1: ({ user, ...rest }: JsonObject) => ({ ...rest, actor: user }),
    2: ({ ok, ...rest }: JsonObject) => ({ ...rest, outcome: ok === 'yes' ? 'succeeded' : 'failed' }),
  },
  interpret: ({ payload }) =>
    ({ factId: payload.id, occurredAt: 0, outcome: payload.outcome, attributes: payload }) as unknown as Activity,
} as Pick<Connector, 'kind' | 'redactionVersion' | 'upcasters' | 'interpret'> as Connector

function interpreted(schemaVersion: number, payload: Buffer): Activity | undefined {
  const event = {
    position: 1,
    stream: 'record:vault-prod',
    source: 'vault-prod',
    schemaVersion,
    payload,
  } as LedgerEvent
  return interpretEvent(event, { sources: [SOURCE], connectorFor: () => connector })
}

describe('a record stored under an older version', () => {
  it('is lifted step by step when it is read, and its bytes stay', () => {
    const before = Buffer.from(STORED)
    const lifted = { id: '4711', actor: 'ada', outcome: 'succeeded' }
    expect(interpreted(1, STORED)).toMatchObject({ outcome: 'succeeded', attributes: lifted })
    expect(interpreted(1, STORED)?.attributes).toEqual(lifted)
    expect(STORED.equals(before)).toBe(true)
  })

  it('is lifted from the version it was stored under, and not at all from the newest', () => {
    const second = Buffer.from('{"id":"1","actor":"ada","user":"kept","ok":"no"}')
    expect(interpreted(2, second)?.attributes).toEqual({ id: '1', actor: 'ada', user: 'kept', outcome: 'failed' })
    const newest = Buffer.from('{"id":"1","user":"kept","ok":"no"}')
    expect(interpreted(3, newest)?.attributes).toEqual({ id: '1', user: 'kept', ok: 'no' })
  })
})
