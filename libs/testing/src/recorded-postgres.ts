import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { connectorFor } from '@catena/connectors'
import { deriveIntakeKeys } from '@catena/ingest'
import { PostgresLedger } from '@catena/ledger'
import { isTransient } from '@catena/platform'
import { startTestPostgres, type TestPostgres } from './postgres.js'
import { feedRecording, openRecording, type Recording } from './recording.js'

/** Keys of records that tests feed. */
export const RECORDED_KEYS = deriveIntakeKeys(Buffer.alloc(32, 7))

/** A database whose ledger holds the recorded organisation, and whose access index has caught up with it. */
export interface RecordedPostgres extends TestPostgres {
  readonly recording: Recording
}

/** Fed once in a run of the tests and copied for each; `later` names files that are not fed. */
export async function startRecordedPostgres(later = /^$/): Promise<RecordedPostgres> {
  const recording = await openRecording()
  const files = recording.files.filter(({ path }) => !later.test(basename(path)))
  const name = `recorded_${createHash('sha256').update(later.source).digest('hex').slice(0, 8)}`
  const postgres = await startTestPostgres({ name, fill: (databaseUrl) => feed(databaseUrl, { ...recording, files }) })
  return { ...postgres, recording }
}

async function feed(databaseUrl: string, recording: Recording): Promise<void> {
  const ledger = new PostgresLedger({ databaseUrl })
  try {
    for (const { failure } of await feedRecording(recording, ledger, RECORDED_KEYS))
      if (failure !== undefined) throw new Error(failure.message)
    await project(databaseUrl, ledger, recording)
  } finally {
    await ledger.close()
  }
}

async function project(databaseUrl: string, ledger: PostgresLedger, { sources }: Recording): Promise<void> {
  // Loaded by whoever feeds, not by every test that takes a database from this library.
  const { accessIndexRunner } = await import('@catena/runtime')
  const failures: unknown[] = []
  const instance = { databaseUrl, ledger, interpretation: { sources, connectorFor } }
  const runner = accessIndexRunner(instance, (error) => {
    // A session that was lost while the machine stood still is begun again.
    if (!isTransient(error)) failures.push(error)
  })
  runner.start()
  await runner.caughtUp(await ledger.head())
  await runner.stop()
  if (failures.length > 0) throw failures[0]
}
