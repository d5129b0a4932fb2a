import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, readSettings } from '@catena/platform'
import { rebuildAccessIndex } from '@catena/runtime'
import { readFeed, readFeedHead, type FeedEvent } from '@catena/siem'
import { feedRecording, openRecording, startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import { startAll, type Running } from '../../apps/cli/src/up.js'
import { until } from './delivery-stage.js'

/** Longer than any part of Catena waits for news. */
const QUIET_MS = 4_000

describe('the feed of the recorded organisation, as a whole Catena writes it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'catena-rebuild-all-'))
  let postgres: TestPostgres
  let now: Running
  beforeAll(async () => {
    postgres = await startTestPostgres()
  }, 60_000)
  afterAll(async () => {
    await now.stop()
    await postgres.stop()
    rmSync(folder, { recursive: true })
  })

  const start = async (): Promise<Running> => {
    const env = { CATENA_DATA: folder, DATABASE_URL: postgres.databaseUrl, CATENA_PORT: '0', LOG_LEVEL: 'silent' }
    const { sources } = await openRecording()
    return startAll(readSettings(env), env, { file: undefined, sources, walk: {}, webhookSecrets: new Map() })
  }
  /** Everything that Catena has to say of what it took in is in the feed. */
  const settled = async ({ instance }: Running): Promise<FeedEvent[]> => {
    const owner = await connect(postgres.databaseUrl, { applicationName: 'spec' })
    let [head, since] = [0, 0]
    await until(async () => {
      const [now, { position }] = [await instance.ledger.head(), await readFeedHead(owner)]
      if (now !== head || position !== now || (await isBehind(owner, now))) [head, since] = [now, Date.now()]
      return Date.now() - since > QUIET_MS
    }, 180_000)
    const events = await readFeed(owner, 0, 1_000_000)
    await owner.end()
    return events
  }

  /** Something is still to be folded or judged, of which nothing may come into the ledger for a while. */
  const isBehind = async (owner: pg.Client, head: number): Promise<boolean> => {
    const { rows } = await owner.query<{ folded: string; stale: boolean }>(
      `SELECT least((SELECT position FROM projection WHERE name = 'access-index'), (SELECT position FROM governance.checkpoint WHERE name = 'access-summary')) AS folded,
         EXISTS (SELECT FROM governance.stale_credential WHERE retry_at IS NULL) AS stale`,
    )
    return Number(rows[0]?.folded ?? 0) < head || rows[0]?.stale !== false
  }

  /** Builds everything anew that is derived, as a new version of Catena does, and resolves with the feed when that is done. */
  const rebuilt = async (running: Running): Promise<FeedEvent[]> => {
    const { databaseUrl, ledger, interpretation } = running.instance
    await rebuildAccessIndex({ databaseUrl, ledger, interpretation, ownerUrl: postgres.databaseUrl }, { acceptDifference: true }) // prettier-ignore
    await running.stop()
    const owner = await connect(postgres.databaseUrl, { applicationName: 'spec' })
    const views = await owner.query(`UPDATE decisions.view SET version = 'of another Catena'`)
    const summaries = await owner.query(`UPDATE governance.checkpoint SET version = 'of another Catena'`)
    await owner.query('TRUNCATE governance.evaluation')
    await owner.end()
    expect([views.rowCount, summaries.rowCount].every((count) => (count ?? 0) > 0)).toBe(true)
    now = await start()
    return settled(now)
  }

  it('R8.1 tells nothing again when the access index, all views of decisions, the summaries and the verdicts are built anew', async () => {
    now = await start()
    await feedRecording(await openRecording(), now.instance.ledger, now.instance.keys)
    const told = await settled(now)
    // Verdicts that were to come with time come with the first of these: news, each told once.
    const first = await rebuilt(now)
    expect(first.slice(0, told.length)).toEqual(told)
    expect(new Set(first.map(({ id, revision }) => `${id} ${revision}`)).size).toBe(first.length)
    const second = await rebuilt(now)
    expect(new Set(told.map(({ content }) => content.kind)).has('verdict-changed')).toBe(true)
    expect(told.length).toBeGreaterThan(1_000)
    expect(second).toEqual(first)
  })
})
