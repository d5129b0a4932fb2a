import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectorFor } from '@catena/connectors'
import { deriveIntakeKeys, ingestFile } from '@catena/ingest'
import { PostgresLedger } from '@catena/ledger'
import { connect } from '@catena/platform'
import { openRecording, startTestPostgres, type Recording, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import type pg from 'pg'
import { buildApp, startApp, type Member } from './start-ingest.js'

jest.setTimeout(300_000)

const STILL_MS = 2_000

describe('a projector that freezes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'catena-frozen-'))
  const members: Member[] = []
  let [bundle, database, owner, ledger, recording]: [string, TestPostgres, pg.Client, PostgresLedger, Recording] =
    [] as never
  beforeAll(async () => {
    bundle = await buildApp('projector')
    recording = await openRecording()
    const sources = recording.files.map(({ source: { id, kind, scope } }) => ({ id, kind, scope }))
    writeFileSync(
      join(folder, 'catena.yaml'),
      JSON.stringify({ sources: [...new Map(sources.map((s) => [s.id, s])).values()] }),
    )
    database = await startTestPostgres()
    owner = await connect(database.databaseUrl, { applicationName: 'spec' })
    ledger = new PostgresLedger({ databaseUrl: database.databaseUrl })
  })
  afterAll(async () => {
    for (const member of members) {
      member.kill('SIGKILL')
      await member.ended
    }
    await ledger.close()
    await owner.end()
    await database.stop()
    rmSync(folder, { recursive: true })
    rmSync(bundle)
  })

  const start = async (): Promise<Member> => {
    const env = {
      DATABASE_URL: database.databaseUrl,
      CATENA_DATA: folder,
      CATENA_CONFIG: join(folder, 'catena.yaml'),
      CATENA_PORT: '0',
    }
    const member = startApp(bundle, env)
    members.push(member)
    await member.says('"started"')
    return member
  }
  const feed = async (files: Recording['files']): Promise<void> => {
    for (const { path, source } of files)
      await ingestFile({ path, source, ledger, connectorFor, keys: deriveIntakeKeys(Buffer.alloc(32, 7)), final: true })
  }
  /** Resolves when a verdict stands behind the position. */
  const judgedAfter = async (position: number): Promise<void> => {
    for (;;) {
      const { rowCount } = await owner.query(
        `SELECT FROM event WHERE position > $1 AND stream_version IS NOT NULL AND type = 'VerdictChanged' LIMIT 1`,
        [position],
      )
      if (rowCount === 1) return
      await sleep(100)
    }
  }
  /** Resolves with the ledger's head once nothing has been judged for a while. */
  const settled = async (): Promise<number> => {
    for (let head = await ledger.head(); ;) {
      await sleep(STILL_MS)
      const now = await ledger.head()
      if (now === head) return head
      head = now
    }
  }

  it('leaves summaries and verdicts to another one (R1.9)', async () => {
    const frozen = await start()
    await feed(recording.files.slice(0, 2))
    await judgedAfter(0)
    frozen.kill('SIGSTOP')
    const before = await settled()
    await start()
    await feed(recording.files.slice(2))
    await expect(judgedAfter(before)).resolves.toBeUndefined()
  })
})
