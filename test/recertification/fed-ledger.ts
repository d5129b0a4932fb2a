import { connectorFor } from '@catena/connectors'
import type { SourceInstance } from '@catena/domain'
import { deriveIntakeKeys, ingestFile } from '@catena/ingest'
import { PostgresLedger } from '@catena/ledger'
import { prepareRoles, type RemediationSettings } from '@catena/platform'
import { DecisionViewRunner, type AccessReader } from '@catena/projections'
import type { RecertificationDesk } from '@catena/recertification'
import { accessIndexRunner, DECISION_VIEWS, openReader, recertificationDesk } from '@catena/runtime'
import { startTestPostgres } from '@catena/testing'

/** A ledger with its read models and campaigns, to which files of records are fed. */
export interface FedLedger {
  readonly ledger: PostgresLedger
  readonly source: Parameters<typeof openReader>[0] & { readonly databaseUrl: string; readonly ledger: PostgresLedger }
  readonly reader: AccessReader
  readonly recertification: RecertificationDesk
  /** Resolves once the read models hold everything. */
  settle(): Promise<void>
  feed(file: RecordFile): Promise<void>
  close(): Promise<void>
}

/** Records of one source. */
export interface RecordFile {
  readonly source: string
  readonly path: string
}

export async function openFedLedger(
  sources: readonly SourceInstance[],
  remediation: RemediationSettings,
  now: number,
): Promise<FedLedger> {
  const database = await startTestPostgres()
  const { databaseUrl } = await prepareRoles(database.databaseUrl)
  const ledger = new PostgresLedger({ databaseUrl })
  const source = { databaseUrl, ownerUrl: database.databaseUrl, ledger, interpretation: { sources, connectorFor } } // prettier-ignore
  const onError = (error: unknown): void => void process.stderr.write(`${String(error)}\n`)
  const index = accessIndexRunner(source, onError)
  const views = new DecisionViewRunner({ views: DECISION_VIEWS, log: ledger, databaseUrl, onError })
  index.start()
  views.start()
  const { reader, close } = openReader(source)
  const settle = async (): Promise<void> => {
    const head = await ledger.head()
    await Promise.all([index.caughtUp(head), views.caughtUp(head)])
  }
  const feed = async ({ source: id, path }: RecordFile): Promise<void> => {
    const source = sources.find((one) => one.id === id)
    if (source === undefined) throw new Error(`no source ${id}`)
    const keys = deriveIntakeKeys(Buffer.alloc(32, 7))
    await ingestFile({ path, source, ledger, connectorFor, keys, final: true })
    await settle()
  }
  const configuration = { file: undefined, sources, walk: {}, webhookSecrets: new Map(), remediation }
  const recertification = recertificationDesk({ ...source, configuration }, reader, { now: () => now })
  return {
    ledger,
    source,
    reader,
    recertification,
    settle,
    feed,
    close: async () => {
      await Promise.all([index.stop(), views.stop(), close()])
      await ledger.close()
      await database.stop()
    },
  }
}
