import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { detachEvents, PARTITION_POSITIONS, reattachEvents } from '@catena/ledger'
import { systemClock } from '@catena/platform'
import { FeedWriter } from '@catena/siem'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { isAllTold } from './feed-and-walk.js'
import { openFeedStage, type FeedStage } from './stage.js'

/** The first partition begins here, so that a few events fill it: a decision, records, and more records in the next. */
const FIRST = PARTITION_POSITIONS - 20
const BEGIN = `UPDATE ledger_head SET position = ${FIRST - 1}; UPDATE feed_head SET position = ${FIRST - 1};
  UPDATE access_index.projection SET position = ${FIRST - 1}`

let stage: FeedStage
let folder: string

/** Ledger and index stand there, as if nothing but what was moved to files came before. */
async function beginAt(ownerUrl: string): Promise<void> {
  const owner = new pg.Client(ownerUrl)
  await owner.connect()
  const isThere = async () => (await owner.query('SELECT FROM access_index.projection')).rowCount === 1
  while (!(await isThere())) await sleep(20)
  await owner.query(BEGIN)
  await owner.end()
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'catena-detached-'))
  stage = await openFeedStage(undefined, { isLed: false, hears: false })
  await beginAt(stage.ownerUrl)
  const { ledger, reader } = stage
  const payload = Buffer.from('{}')
  await ledger.appendDecisions('item-1', 0, [{ type: 'Opened', schemaVersion: 1, occurredAt: Date.now(), actor: 'person:7', payload, subjects: [] }]) // prettier-ignore
  await stage.take(['keycloak'])
  while ((await reader.projectedPosition()) < (await ledger.head())) await sleep(20)
}, 120_000)
afterAll(async () => {
  await stage.close()
  rmSync(folder, { recursive: true })
}, 60_000)

describe('a feed that has not told of a range when that is moved to a file', () => {
  it('R8.1 waits for the file behind the decision that stayed, and tells of all once it is attached', async () => {
    const { databaseUrl, ownerUrl, ledger, reader, interpretation } = stage
    const [manifest] = await detachEvents({ ownerUrl, upTo: PARTITION_POSITIONS - 1, folder, actor: 'person:op' })
    const failures: string[] = []
    const onError = (error: unknown): void => void failures.push((error as Error).message)
    const writer = new FeedWriter({ databaseUrl, ledger, reader, interpretation, clock: systemClock, onError })
    writer.start()
    while (failures.length === 0 && writer.position < (await ledger.head())) await sleep(20)
    expect(failures[0]).toMatch(/^events \d+ to \d+ are detached: reattach events-/)
    expect(writer.position).toBe(FIRST)
    await reattachEvents({ ownerUrl, folder, file: manifest?.file ?? '', actor: 'person:op' })
    await writer.caughtUp(await ledger.head())
    await writer.stop()
    expect(await isAllTold(stage)).toBe(true)
    const { rows } = await stage.pool.query<{ told: string }>('SELECT count(DISTINCT id) AS told FROM feed_event')
    expect(Number(rows[0]?.told)).toBeGreaterThan(10)
  }, 60_000)
})
