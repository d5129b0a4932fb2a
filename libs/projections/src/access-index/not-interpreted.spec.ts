import type { Activity, Connector, Key, SourceInstance } from '@catena/domain'
import type { LedgerEvent } from '@catena/ledger'
import { connect, createPool, transaction } from '@catena/platform'
import { startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import { listLostHours, listNotInterpreted } from './not-interpreted.js'
import { PostgresFactIndex } from './postgres-fact-index.js'
import { AccessIndexProjection, interpretEvent, type Interpretation } from './project.js'
import { emptyIndex } from './testing/empty-index.js'

const HOUR_MS = 3_600_000
const tickets: SourceInstance = { id: 'tickets', kind: 'cloudevents', scope: 'tickets', federations: [], sharedIdentities: [], gaps: [] } // prettier-ignore

/** Records are activities already; one that names an error makes the connector fail by it. */
const failing = {
  redactionVersion: 1,
  interpret: ({ payload }: { readonly payload: Activity & { readonly fails?: string } }) => {
    if (payload.fails === 'throws') throw new TypeError('cannot read s3cr3t')
    return payload.fails === 'untimed' ? { ...payload, occurredAt: Number.NaN } : payload
  },
} as unknown as Connector
const repaired = { redactionVersion: 1, interpret: ({ payload }: { readonly payload: unknown }) => payload } as unknown as Connector // prettier-ignore
const by = (connector: Connector): Interpretation => ({ sources: [tickets], connectorFor: () => connector })

describe('a record that its connector fails on', () => {
  let postgres: TestPostgres
  let client: pg.Client
  let pool: pg.Pool
  beforeAll(async () => {
    postgres = await startTestPostgres()
    client = await connect(postgres.databaseUrl, { applicationName: 'spec' })
    pool = createPool(postgres.databaseUrl, { applicationName: 'spec' })
    await new AccessIndexProjection(by(failing)).prepare(client)
  }, 60_000)
  beforeEach(() => emptyIndex(client))
  afterAll(async () => {
    await client.end()
    await pool.end()
    await postgres.stop()
  }, 30_000)

  async function project(...events: readonly LedgerEvent[]): Promise<void> {
    await transaction(client, () => new AccessIndexProjection(by(failing)).interpret(events)(client))
  }
  const indexAt = (position: number, validAt?: number) =>
    new PostgresFactIndex(pool, { readAt: () => Promise.resolve([]) }, by(failing), { position, validAt })

  it.each(['throws', 'untimed'])('R1.9 keeps nobody from the others (%s)', async (fails) => {
    await project(told(1, 0), told(2, 1_000, { fails }), told(3, 2_000))
    const facts = await indexAt(3).facts(['fact 1', 'fact 2', 'fact 3'])
    expect([...facts.keys()].sort()).toEqual(['fact 1', 'fact 3'])
  })

  it('R1.9 is told, by source, type and kind of failure, and quotes nothing', async () => {
    await project(told(1, 0), told(2, 1_000, { fails: 'throws' }), told(3, 2_000, { fails: 'throws' }))
    expect(await listNotInterpreted(pool, { position: 3 })).toEqual([
      { source: 'tickets', type: 'x', failure: 'TypeError', facts: 2 },
    ])
    expect(await listNotInterpreted(pool, { position: 1 })).toEqual([])
    const { rows } = await pool.query<{ body: string }>(`SELECT convert_from(body, 'UTF8') AS body FROM access_fact`)
    expect(JSON.stringify(rows)).not.toContain('s3cr3t')
  })

  it('R1.9 is a gap of its source, with those of its hour', async () => {
    const at = (hours: number): number => hours * HOUR_MS
    await project(
      told(1, at(1)),
      told(2, at(2.1), { fails: 'throws' }),
      told(3, at(2.4), { fails: 'throws' }),
      told(4, at(5), { fails: 'throws' }),
      told(5, at(6)),
    )
    const lost = [
      { from: at(2.1), to: at(2.4) },
      { from: at(5), to: at(5) },
    ]
    expect(await indexAt(5).coverage('tickets')).toEqual({ from: at(1), to: at(6), lost })
    expect(await listLostHours(pool, { position: 5 })).toEqual([
      { source: 'tickets', from: at(2), facts: 2 },
      { source: 'tickets', from: at(5), facts: 1 },
    ])
    expect(await listLostHours(pool, { position: 3, validAt: at(2.2) })).toEqual([
      { source: 'tickets', from: at(2), facts: 1 },
    ])
    expect(await indexAt(2).coverage('tickets')).toMatchObject({ lost: [{ from: at(2.1), to: at(2.1) }] })
    expect(await indexAt(5, at(3)).coverage('tickets')).toMatchObject({ lost: [lost[0]] })
    expect(await indexAt(1).coverage('tickets')).not.toHaveProperty('lost')
  })

  it('R1.9 is read by a connector that can', () => {
    const event = told(2, 1_000, { fails: 'throws' })
    expect(interpretEvent(event, by(failing))?.kind).toBe('not-interpreted')
    expect(interpretEvent(event, by(repaired))).toMatchObject({ factId: 'fact 2', kind: 'operation' })
  })
})

function told(position: number, occurredAt: number, more: { readonly fails?: string } = {}): LedgerEvent {
  const groups = [{ role: 'request', verb: 'presents', trust: 'verified', forms: [{ key: 'access-request:tickets:REQ-41' as Key, position }] }] // prettier-ignore
  const activity = { factId: `fact ${position}`, source: 'tickets', kind: 'operation', type: 'x', occurredAt, resolutionMs: 0, outcome: 'succeeded', groups, attributes: {}, conflicts: [], positions: [position], ...more } // prettier-ignore
  return {
    position, stream: 'record:tickets', source: 'tickets', sourceStream: 'x', schemaVersion: 1, type: 'x', occurredAt, recordedAt: occurredAt,
    recordId: `r${position}`, payload: Buffer.from(JSON.stringify(activity)),
  } // prettier-ignore
}
