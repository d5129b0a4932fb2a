import { connectorFor } from '@catena/connectors'
import type { SourceInstance } from '@catena/domain'
import { deriveIntakeKeys, ingestFile } from '@catena/ingest'
import { PostgresLedger } from '@catena/ledger'
import { prepareRoles } from '@catena/platform'
import { DecisionViewRunner, type AccessReader } from '@catena/projections'
import type { RecertificationDesk } from '@catena/recertification'
import { accessIndexRunner, DECISION_VIEWS, openReader, recertificationDesk } from '@catena/runtime'
import { startTestPostgres } from '@catena/testing'

const SOURCE: SourceInstance = { id: 'vault', kind: 'vault', scope: 'real', federations: [], sharedIdentities: [], gaps: [] } // prettier-ignore

/** A ledger with its read models and campaigns, to which logs of one Vault are fed. */
export interface VaultLog {
  readonly ledger: PostgresLedger
  readonly source: Parameters<typeof openReader>[0] & { readonly databaseUrl: string; readonly ledger: PostgresLedger }
  readonly reader: AccessReader
  readonly recertification: RecertificationDesk
  /** Resolves once the read models hold everything. */
  settle(): Promise<void>
  feed(path: string): Promise<void>
  close(): Promise<void>
}

export async function openVaultLog(now: number): Promise<VaultLog> {
  const database = await startTestPostgres()
  const { databaseUrl } = await prepareRoles(database.databaseUrl)
  const ledger = new PostgresLedger({ databaseUrl })
  const source = { databaseUrl, ownerUrl: database.databaseUrl, ledger, interpretation: { sources: [SOURCE], connectorFor } } // prettier-ignore
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
  const feed = async (path: string): Promise<void> => {
    const keys = deriveIntakeKeys(Buffer.alloc(32, 7))
    await ingestFile({ path, source: SOURCE, ledger, connectorFor, keys, final: true })
    await settle()
  }
  const configuration = { file: undefined, sources: [SOURCE], walk: {}, webhookSecrets: new Map<string, string>() }
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
