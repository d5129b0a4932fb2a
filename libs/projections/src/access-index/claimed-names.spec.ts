import type { Activity, Connector, Key, KeyGroup, SourceInstance } from '@catena/domain'
import type { LedgerEvent } from '@catena/ledger'
import { connect, createPool, transaction } from '@catena/platform'
import { startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import { PostgresFactIndex } from './postgres-fact-index.js'
import { AccessIndexProjection, type Interpretation } from './project.js'
import { emptyIndex } from './testing/empty-index.js'

/** Records that are activities already. */
const asTold = { interpret: ({ payload }: { readonly payload: unknown }) => payload } as unknown as Connector
const tickets: SourceInstance = {
  id: 'tickets',
  kind: 'cloudevents',
  scope: 'tickets',
  federations: [],
  sharedIdentities: [],
  gaps: [],
}
const interpretation: Interpretation = { sources: [tickets], connectorFor: () => asTold }
const TICKET = 'access-request:tickets:REQ-41' as Key
const CORRECTED = 'access-request:tickets:REQ-66' as Key
const HASHED = `vault-token:prod:hmac-sha256:${'0f'.repeat(32)}` as Key
const CLEAR = 'vault-token:prod:AbC' as Key

describe('names that records show together', () => {
  let postgres: TestPostgres
  let client: pg.Client
  let pool: pg.Pool
  beforeAll(async () => {
    postgres = await startTestPostgres()
    client = await connect(postgres.databaseUrl, { applicationName: 'spec' })
    pool = createPool(postgres.databaseUrl, { applicationName: 'spec' })
    await new AccessIndexProjection(interpretation).prepare(client)
  }, 60_000)
  beforeEach(() => emptyIndex(client))
  afterAll(async () => {
    await client.end()
    await pool.end()
    await postgres.stop()
  }, 30_000)

  /** Names of the first key, once each of the groups was told in a record of its own. */
  async function namesAfter(...groups: readonly KeyGroup[]): Promise<readonly Key[]> {
    const events = groups.map((group, index) => eventOf(activityOf(group, index + 1)))
    await transaction(client, () => new AccessIndexProjection(interpretation).interpret(events)(client))
    const index = new PostgresFactIndex(pool, { readAt: () => Promise.resolve([]) }, interpretation, {
      position: events.length,
    })
    const key = groups[0]?.forms[0]?.key ?? TICKET
    return [...((await index.equated([key])).get(key) ?? [])].sort()
  }
  const group = (keys: readonly Key[], more: Partial<KeyGroup> = {}): KeyGroup => ({
    role: 'request', verb: 'presents', trust: 'verified', forms: keys.map((key) => ({ key, position: 1 })), ...more,
  }) // prettier-ignore

  it('R1.4 are names of one thing', async () => {
    expect(await namesAfter(group([CLEAR, HASHED]))).toEqual([CLEAR, HASHED])
  })

  it('R1.4 are nothing to each other where a caller claims them, also where it corrected one', async () => {
    const claimed = { trust: 'claimed' } as const
    expect(await namesAfter(group([CLEAR, HASHED], claimed))).toEqual([CLEAR])
    expect(await namesAfter(group([TICKET, CORRECTED], claimed))).toEqual([TICKET])
  })

  it('R1.4 are names of one thing where a record shows what another only claimed', async () => {
    expect(await namesAfter(group([CLEAR, HASHED], { trust: 'claimed' }), group([CLEAR, HASHED]))).toEqual([
      CLEAR,
      HASHED,
    ])
  })

  it('R1.4 are two things where both are clear', async () => {
    expect(await namesAfter(group([TICKET, CORRECTED]))).toEqual([TICKET])
  })
})

function activityOf(group: KeyGroup, position: number): Activity {
  return {
    factId: `fact ${position}`, source: 'tickets', kind: 'operation', type: 'x', occurredAt: 1_000, resolutionMs: 0, outcome: 'succeeded',
    groups: [{ ...group, forms: group.forms.map(({ key }) => ({ key, position })) }], attributes: {}, conflicts: [], positions: [position],
  } // prettier-ignore
}

function eventOf(activity: Activity): LedgerEvent {
  const { source, type, occurredAt } = activity
  const payload = Buffer.from(JSON.stringify(activity))
  const position = activity.positions[0]
  return { position, stream: `record:${source}`, source, sourceStream: 'x', schemaVersion: 1, type, occurredAt, payload } as unknown as LedgerEvent
} // prettier-ignore
