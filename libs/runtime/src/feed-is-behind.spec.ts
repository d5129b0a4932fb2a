import { connectorFor } from '@catena/connectors'
import { deriveIntakeKeys } from '@catena/ingest'
import { PostgresLedger } from '@catena/ledger'
import { connect } from '@catena/platform'
import { claimLead, LEADS, type ProjectionRunner } from '@catena/projections'
import { feedRecording, openRecording, startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import { accessIndexRunner } from './access.js'
import { feedIsBehind } from './feed-is-behind.js'

const EARLIER_MS = 60_000

describe('a feed', () => {
  let postgres: TestPostgres
  let ledger: PostgresLedger
  let runner: ProjectionRunner
  let client: pg.Client
  let writer: pg.Client
  let keeper: pg.Client
  beforeAll(async () => {
    postgres = await startTestPostgres()
    const { databaseUrl } = postgres
    ledger = new PostgresLedger({ databaseUrl, clock: { now: () => Date.now() - EARLIER_MS } })
    const recording = await openRecording()
    runner = accessIndexRunner({ databaseUrl, ledger, interpretation: { sources: recording.sources, connectorFor } }, (error) => console.error(error)) // prettier-ignore
    client = await connect(databaseUrl, { applicationName: 'spec' })
    writer = await connect(databaseUrl, { applicationName: 'spec-feed' })
    keeper = await connect(databaseUrl, { applicationName: 'spec-index' })
    await feedRecording(recording, ledger, deriveIntakeKeys(Buffer.alloc(32, 7)))
  }, 120_000)
  afterAll(async () => {
    await runner.stop()
    await client.end()
    await writer.end()
    await keeper.end()
    await ledger.close()
    await postgres.stop()
  }, 60_000)
  const writeFeed = async (): Promise<void> => {
    expect(await claimLead(writer, LEADS.feed)).toBe(true)
  }
  const tell = (position: number): Promise<unknown> => client.query('UPDATE feed_head SET position = $1', [position])

  it('R8.1 is behind once the access index knows for a while what it does not tell, as long as somebody writes it', async () => {
    expect(await feedIsBehind(client)).toBe(false)
    const head = await ledger.head()
    runner.start()
    await runner.caughtUp(head)
    expect(await feedIsBehind(client)).toBe(false)
    await writeFeed()
    expect(await feedIsBehind(client)).toBe(true)
    await tell(head - 1)
    expect(await feedIsBehind(client)).toBe(true)
    await tell(head)
    expect(await feedIsBehind(client)).toBe(false)
  })

  it('R8.1 is not behind what came just now', async () => {
    const now = new PostgresLedger({ databaseUrl: postgres.databaseUrl, clock: { now: () => Date.now() + EARLIER_MS } })
    const noted = { type: 'Noted', schemaVersion: 1, occurredAt: Date.now(), actor: 'spec', payload: Buffer.from('{}'), subjects: [] } // prettier-ignore
    const { head } = await now.appendDecisions('spec:1', 0, [noted])
    await now.close()
    await runner.caughtUp(head)
    expect(await feedIsBehind(client)).toBe(false)
  })

  it('R8.1 is behind what the access index does not know yet, as long as somebody keeps that too', async () => {
    await runner.stop()
    // The newest came just now.
    const known = (await ledger.head()) - 2
    await client.query(`UPDATE projection SET position = $1 WHERE name = 'access-index'`, [known])
    await tell(known)
    expect(await feedIsBehind(client)).toBe(false)
    expect(await claimLead(keeper, LEADS.accessIndex)).toBe(true)
    expect(await feedIsBehind(client)).toBe(true)
  })
})
