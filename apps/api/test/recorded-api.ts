/* eslint @typescript-eslint/no-unsafe-assignment: off -- an answer has the shape of its query */
import { tmpdir } from 'node:os'
import { basename } from 'node:path'
import type { Callers } from '@catena/callers'
import { PostgresLedger } from '@catena/ledger'
import { ACCESS_DEFAULTS, createLogger } from '@catena/platform'
import { accessIndexRunner, openReader, type Instance } from '@catena/runtime'
import { feedRecording, RECORDED_KEYS, startRecordedPostgres } from '@catena/testing'
import pg from 'pg'
import { instanceOn, testCallersOf } from '../../../test/instance-on.js'
import { createApi } from '../src/create-api.js'
import { breakable, type BreakableConnection } from './breakable-connection.js'

export interface GraphAnswer {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers have the shape of their query
  readonly data: any
  readonly errors?: { message: string; path?: string[]; extensions: { code: string; correlationId?: string } }[]
}

/** The API over HTTP, on a PostgreSQL that holds the recorded organisation. */
export interface RecordedApi {
  readonly url: string
  /** What the API is made of. */
  readonly shared: Parameters<typeof createApi>[0]
  readonly ledger: PostgresLedger
  /** What the API logged. */
  readonly log: string[]
  /** By a caller with every role; `headers` of `asRole` or `asCaller` make it another. */
  ask(query: string, variables?: object, headers?: Readonly<Record<string, string>>): Promise<GraphAnswer>
  /** Fails with the errors of the answer. */
  evidence(selection: string, asOf?: { validAt?: string; knownAt?: string }): Promise<GraphAnswer['data']>
  /** Feeds the files that were held back, and projects them. */
  feedLater(): Promise<void>
  /** SQL statements that the question took. */
  statementsOf(question: () => Promise<unknown>): Promise<number>
  /** Questions whose reads others may wait for: they are being answered, or were forgotten. */
  answering(): number
  readonly connection: BreakableConnection
  stop(): Promise<void>
}

/** `later` holds back files whose name matches. What it opened is closed where it throws: Jest would wait for it for ever. */
export async function startRecordedApi({ later = /^$/ } = {}): Promise<RecordedApi> {
  const opened: Close[] = []
  const stop = async (): Promise<void> => {
    for (const close of opened.splice(0).reverse()) await close()
  }
  try {
    return { ...(await openRecordedApi(later, opened)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

type Close = () => Promise<unknown>

async function openRecordedApi(later: RegExp, opened: Close[]): Promise<Omit<RecordedApi, 'stop'>> {
  const database = await startRecordedPostgres(later)
  opened.push(() => database.stop())
  const connection = await breakable(database.databaseUrl)
  opened.push(() => connection.break())
  const { databaseUrl } = connection
  const ledger = new PostgresLedger({ databaseUrl })
  opened.push(() => ledger.close())
  const { sources, files } = database.recording
  const instance = instanceOn({ databaseUrl, ledger, sources })
  const feedLater = async (): Promise<void> => {
    const held = files.filter(({ path }) => later.test(basename(path)))
    await feedRecording({ ...database.recording, files: held }, ledger, RECORDED_KEYS)
    await project(instance)
  }
  const { reader, close } = openReader(instance)
  opened.push(close)
  const log: string[] = []
  const logger = createLogger('info', { write: (line) => void log.push(line) })
  const { callers, answering } = counted(testCallersOf(instance, reader.pool, { ...ACCESS_DEFAULTS, releaseFrom: [tmpdir()] })) // prettier-ignore
  const shared = { instance, reader, logger, callers }
  const api = await createApi(shared)
  opened.push(() => api.close())
  const url = await api.listen('127.0.0.1', 0)
  const ask: RecordedApi['ask'] = (query, variables = {}, headers = {}) => post(url, { query, variables }, headers)
  return {
    url,
    shared,
    ledger,
    log,
    ask,
    evidence: (selection, asOf) =>
      answered(log, ask(`query ($asOf: AsOf) { evidence(asOf: $asOf) { ${selection} } }`, { asOf })),
    feedLater,
    statementsOf,
    answering,
    connection,
  }
}

export async function post(
  url: string,
  body: object,
  more: Readonly<Record<string, string>> = {},
): Promise<GraphAnswer> {
  const headers = { 'content-type': 'application/json', ...more }
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify(body) })
  return (await response.json()) as GraphAnswer
}

async function answered(log: readonly string[], asked: Promise<GraphAnswer>): Promise<GraphAnswer['data']> {
  const { data, errors } = await asked
  if (errors !== undefined) throw new Error(`${JSON.stringify(errors)} ${log.at(-1) ?? ''}`)
  return (data as { evidence: unknown }).evidence
}

function counted(callers: Callers): { readonly callers: Callers; readonly answering: () => number } {
  let answering = 0
  const expectRead = (): (() => void) => {
    answering++
    const isReady = callers.expectRead()
    return () => {
      answering--
      isReady()
    }
  }
  return { callers: { ...callers, expectRead }, answering: () => answering }
}

/** As a process opens them that has no identity provider. */
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
