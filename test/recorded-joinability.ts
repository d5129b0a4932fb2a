import type { AsOf } from '@catena/access-chain'
import { connectorFor } from '@catena/connectors'
import type { SourceInstance } from '@catena/domain'
import { deriveIntakeKeys } from '@catena/ingest'
import { checkJoinability, type JoinabilityReport } from '@catena/joinability'
import { PostgresLedger } from '@catena/ledger'
import type { AccessReader } from '@catena/projections'
import { accessIndexRunner, openReader } from '@catena/runtime'
import { feedRecording, openRecording, startTestPostgres } from '@catena/testing'

/** The recorded organisation, with its sources declared as a spec wants them. */
export interface RecordedJoinability {
  readonly reader: AccessReader
  readonly ledger: PostgresLedger
  /** Brings answers up with the ledger. */
  project(): Promise<void>
  check(): Promise<JoinabilityReport>
  checkAt(asOf: AsOf): Promise<JoinabilityReport>
  stop(): Promise<void>
}

export async function startRecordedJoinability(
  declare: (sources: readonly SourceInstance[]) => readonly SourceInstance[] = (sources) => sources,
): Promise<RecordedJoinability> {
  const [database, recording] = [await startTestPostgres(), await openRecording()]
  const { databaseUrl } = database
  const ledger = new PostgresLedger({ databaseUrl })
  const sources = declare(recording.sources)
  const interpretation = { sources, connectorFor }
  const files = recording.files.map(({ source, path }) => ({
    path,
    source: sources.find(({ id }) => id === source.id) ?? source,
  }))
  await feedRecording({ ...recording, sources, files }, ledger, deriveIntakeKeys(Buffer.alloc(32, 7)))
  const project = async (): Promise<void> => {
    const runner = accessIndexRunner({ databaseUrl, ledger, interpretation }, (error) => {
      throw error
    })
    runner.start()
    await runner.caughtUp(await ledger.head())
    await runner.stop()
  }
  await project()
  const { reader, close } = openReader({ databaseUrl, ledger, interpretation })
  const check = async () => checkJoinability(reader, { asOf: await reader.asOf() })
  return {
    reader,
    ledger,
    project,
    check,
    checkAt: (asOf) => checkJoinability(reader, { asOf }),
    stop: async () => {
      await close()
      await ledger.close()
      await database.stop()
    },
  }
}
