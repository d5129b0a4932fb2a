import type { Ledger, LedgerEvent } from '@catena/ledger'
import { connect } from '@catena/platform'
import type pg from 'pg'
import type { Generation } from './generation.js'
import { rangesUpTo, type PositionRange } from './ranges.js'
import { takeTurns, type TakeTurns } from './take-turns.js'

/** How the load is cut up. */
export interface LoadSizes {
  /** Connections that write side by side. One thread interprets while the server writes for the other lane. */
  readonly lanes: number
  /** Events interpreted and written at once: more find the other half of their request in the same batch, and cost memory. */
  readonly batchEvents: number
  /** Positions that one lane takes at a time. */
  readonly rangePositions: number
}

export const LOAD_DEFAULTS: LoadSizes = { lanes: 2, batchEvents: 8_000, rangePositions: 65_536 }

/** Longest statement of a lane; frees what a stopped process holds. */
const STATEMENT_TIMEOUT_MS = 120_000
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 15_000

/** Writes batches of any order into tables that nobody else writes. */
export interface Loader {
  /** Prepares the connection of a lane. */
  prepare(client: pg.Client): Promise<void>
  /** Each lane gets ascending positions. What rows of several lanes may meet in is written in turn. */
  load(client: pg.Client, events: readonly LedgerEvent[], inTurn: TakeTurns): Promise<void>
}

export interface LoadOptions {
  readonly databaseUrl: string
  readonly ledger: Pick<Ledger, 'read'>
  readonly built: Generation
  readonly last: number
  readonly sizes: LoadSizes
  readonly loaderOf: () => Loader
  readonly onLoaded: (events: number) => void
  /** Looked at before each batch. */
  readonly signal: AbortSignal | undefined
}

/** Loads every event up to a position, in disjoint ranges, over several connections. */
export async function loadAll(options: LoadOptions): Promise<void> {
  const ranges = rangesUpTo(options.last, options.sizes.rangePositions)
  const inTurn = takeTurns()
  const lanes = await Promise.allSettled(
    Array.from({ length: Math.min(options.sizes.lanes, ranges.length) }, () => runLane(options, ranges, inTurn)),
  )
  const failed = lanes.find((lane) => lane.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}

async function runLane(options: LoadOptions, ranges: PositionRange[], inTurn: TakeTurns): Promise<void> {
  const client = await connectTo(options.databaseUrl, options.built)
  const loader = options.loaderOf()
  try {
    await loader.prepare(client)
    for (let range = ranges.shift(); range !== undefined; range = ranges.shift())
      await loadRange(options, client, loader, range, inTurn)
  } catch (error) {
    ranges.length = 0
    throw error
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function loadRange(
  { ledger, sizes, onLoaded, signal }: LoadOptions,
  client: pg.Client,
  loader: Loader,
  { after, last }: PositionRange,
  inTurn: TakeTurns,
): Promise<void> {
  let reached = after
  const read = (): Promise<LedgerEvent[]> => ledger.read(reached, Math.min(sizes.batchEvents, last - reached))
  let next = read()
  while (reached < last) {
    const events = await next
    signal?.throwIfAborted()
    reached = events.at(-1)?.position ?? missing(reached + 1)
    // The database reads while this process interprets.
    next = reached < last ? read() : Promise.resolve([])
    next.catch(() => undefined)
    await loader.load(client, events, inTurn)
    onLoaded(events.length)
  }
}

function missing(position: number): never {
  throw new Error(`event ${position} is missing from the ledger: run \`catena verify\``)
}

/** A session whose unqualified table names mean those of the generation. */
export async function connectTo(
  databaseUrl: string,
  built: Generation,
  statementTimeoutMs = STATEMENT_TIMEOUT_MS,
): Promise<pg.Client> {
  const client = await connect(databaseUrl, {
    applicationName: 'catena-rebuild',
    statementTimeoutMs,
    idleInTransactionTimeoutMs: IDLE_IN_TRANSACTION_TIMEOUT_MS,
  })
  await client.query(`SET search_path = ${built.schema}, public`)
  return client
}
