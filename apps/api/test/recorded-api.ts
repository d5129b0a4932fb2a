import { connectorFor } from '@catena/connectors'
import { deriveIntakeKeys } from '@catena/ingest'
import { PostgresLedger, type NewRecord } from '@catena/ledger'
import { createLogger, readSettings } from '@catena/platform'
import type { AccessReader } from '@catena/projections'
import { accessIndexRunner, openReader, type Instance } from '@catena/runtime'
import { feedRecording, openRecording, startTestPostgres } from '@catena/testing'
import pg from 'pg'
import { createApi } from '../src/create-api.js'

export interface GraphAnswer {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers have the shape of their query
  readonly data: any
  readonly errors?: { message: string; path?: string[]; extensions: { code: string; correlationId?: string } }[]
}

/** The API over HTTP, on a PostgreSQL that holds the recorded organisation. */
export interface RecordedApi {
  readonly url: string
  readonly reader: AccessReader
  readonly ledger: PostgresLedger
  readonly databaseUrl: string
  /** What the API logged. */
  readonly log: string[]
  ask(query: string, variables?: object): Promise<GraphAnswer>
  /** Fails with the errors of the answer. */
  evidence(selection: string, asOf?: { validAt?: string; knownAt?: string }): Promise<GraphAnswer['data']>
  /** Stores records and projects them. */
  append(records: readonly NewRecord[]): Promise<void>
  /** SQL statements that the question took. */
  statementsOf(question: () => Promise<unknown>): Promise<number>
  stop(): Promise<void>
}

export async function startRecordedApi(): Promise<RecordedApi> {
  const [database, recording] = [await startTestPostgres(), await openRecording()]
  const { databaseUrl } = database
  const ledger = new PostgresLedger({ databaseUrl })
  const keys = deriveIntakeKeys(Buffer.alloc(32, 7))
  const { sources } = recording
  const instance: Instance = {
    settings: readSettings({}),
    databaseUrl,
    configuration: { file: undefined, sources, webhookSecrets: new Map() },
    interpretation: { sources, connectorFor },
    ledger,
    keys,
    close: () => Promise.resolve(),
  }
  await feedRecording(recording, ledger, keys)
  await project(instance)
  const { reader, close } = openReader(instance)
  const log: string[] = []
  const api = await createApi({
    instance,
    reader,
    logger: createLogger('info', { write: (line) => void log.push(line) }),
  })
  const url = await api.listen('127.0.0.1', 0)
  const ask = (query: string, variables: object = {}) => post(url, { query, variables })
  return {
    url,
    reader,
    ledger,
    databaseUrl,
    log,
    ask,
    evidence: (selection, asOf) =>
      answered(ask(`query ($asOf: AsOf) { evidence(asOf: $asOf) { ${selection} } }`, { asOf })),
    append: async (records) => {
      await ledger.append({ records, quarantined: [] })
      await project(instance)
    },
    statementsOf,
    stop: async () => {
      await api.close()
      await close()
      await ledger.close()
      await database.stop()
    },
  }
}

export async function post(url: string, body: object): Promise<GraphAnswer> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify(body) })
  return (await response.json()) as GraphAnswer
}

async function answered(asked: Promise<GraphAnswer>): Promise<GraphAnswer['data']> {
  const { data, errors } = await asked
  if (errors !== undefined) throw new Error(JSON.stringify(errors))
  return (data as { evidence: unknown }).evidence
}

async function project(instance: Instance): Promise<void> {
  const runner = accessIndexRunner(instance, (error) => console.error(error))
  runner.start()
  await runner.caughtUp(await instance.ledger.head())
  await runner.stop()
}

/** Every statement of this process goes through a client, whichever pool it came from. */
async function statementsOf(question: () => Promise<unknown>): Promise<number> {
  const client = pg.Client.prototype as { query: (...args: never[]) => unknown }
  const { query } = client
  let statements = 0
  client.query = function (this: unknown, ...args: never[]) {
    statements += 1
    return query.apply(this, args)
  }
  try {
    await question()
  } finally {
    client.query = query
  }
  return statements
}
