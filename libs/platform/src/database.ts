import pg from 'pg'
import { PasswordFileClient, passwordFileOf, withoutPasswordFile } from './database-password.js'

/** Longest run of one statement of a read. */
export const STATEMENT_TIMEOUT_MS = 30_000
const CONNECT_TIMEOUT_MS = 5_000
/** What lies between may forget a connection that says nothing, and tell nobody. */
const KEPT_ALIVE = { keepAlive: true, keepAliveInitialDelayMillis: 60_000 }

/** The database cannot answer now; the same work may succeed later. The message names host and port, never the password. */
export class DatabaseUnavailable extends Error {
  readonly retryable = true
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'DatabaseUnavailable'
  }
}

export interface DatabaseOptions {
  /** Shown in pg_stat_activity. */
  readonly applicationName: string
  /** 0 switches the limit off. */
  readonly statementTimeoutMs?: number
  readonly lockTimeoutMs?: number
  /** Frees the locks of a process that was stopped or froze inside a transaction. */
  readonly idleInTransactionTimeoutMs?: number
}

/** Pools of this process that are not ended, by their application name. */
const openPools = new Map<pg.Pool, string>()

/** How busy the pools of one name are. */
export interface PoolUse {
  readonly name: string
  readonly busy: number
  readonly idle: number
  /** Queries that wait for a connection. */
  readonly waiting: number
}

export function poolUse(): PoolUse[] {
  for (const pool of openPools.keys()) if (pool.ending) openPools.delete(pool)
  const names = [...new Set(openPools.values())].sort()
  return names.map((name) => {
    const pools = [...openPools.keys()].filter((pool) => openPools.get(pool) === name)
    const sum = (pick: (pool: pg.Pool) => number): number => pools.reduce((total, pool) => total + pick(pool), 0)
    const idle = sum(({ idleCount }) => idleCount)
    return {
      name,
      idle,
      busy: sum(({ totalCount }) => totalCount) - idle,
      waiting: sum(({ waitingCount }) => waitingCount),
    }
  })
}

/** How many connections a pool has: at most, 4 if nothing is said, and how many stay open while nobody asks, none if nothing is said. */
export interface PoolSize {
  readonly max?: number
  readonly min?: number
}

export function createPool(databaseUrl: string, options: DatabaseOptions & PoolSize): pg.Pool {
  const { max = 4, min = 0 } = options
  const config = { ...clientConfig(databaseUrl, options), max, min, Client: PasswordFileClient }
  const pool = new pg.Pool(config)
  openPools.set(pool, options.applicationName)
  // A connection that dies while idle is replaced by the next query, which also reports a database that is gone.
  pool.on('error', () => undefined)
  return pool
}

/** One connection of its own. Throws DatabaseUnavailable. */
export async function connect(databaseUrl: string, options: DatabaseOptions): Promise<pg.Client> {
  const client = new PasswordFileClient(clientConfig(databaseUrl, options))
  // Without a listener a lost connection would end the process; the next query on it fails anyway.
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch (error) {
    throw asDatabaseError(error, databaseUrl)
  }
  return client
}

/** BEGIN, work, COMMIT; ROLLBACK when work throws. The client may be dead afterwards. */
export async function transaction<T>(client: pg.ClientBase, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN')
  try {
    const result = await work()
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}

/** On a connection of its own, which reads only: all statements of `work` see the same rows. */
export async function inSnapshot<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let failure: Error | undefined
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    failure = error as Error
    throw error
  } finally {
    client.release(failure)
  }
}

/** `host:port/database` of a URL, for messages. */
export function describeDatabase(databaseUrl: string): string {
  try {
    const url = new URL(databaseUrl)
    return `${url.hostname || 'localhost'}:${url.port || '5432'}${url.pathname}`
  } catch {
    return 'the address in DATABASE_URL, which is no URL'
  }
}

/** Servers that Catena runs itself, by `host:port/database`, with their logs. */
const embeddedServers = new Map<string, string>()

/** Told by whoever starts or joins an embedded server, because nobody else can start it again. */
export function noteEmbedded(databaseUrl: string, logFile: string): void {
  embeddedServers.set(describeDatabase(databaseUrl), logFile)
}

/** What a server that answers says is wrong, by SQLSTATE, and what to do about it. */
const ADVICE = new Map([
  ['53100', 'its disk is full: free space there and go on; what was acknowledged is stored'],
  ['53300', 'all its connections are taken: end what holds them, or raise max_connections'],
  ['28P01', 'check user and password in DATABASE_URL, or DATABASE_PASSWORD_FILE'],
  ['28000', 'check user and database in DATABASE_URL, and whom the server lets in (pg_hba.conf)'],
  ['57014', 'it runs, and took longer than it may: try again when it is less busy'],
  ['55P03', 'it runs, and something holds what is needed: try again in a moment'],
])

/** What to do about what a server that answers says; undefined: nobody knows, or no server said it. */
export function serverAdvice(error: unknown): string | undefined {
  return ADVICE.get(describeError(error).code ?? '')
}

function adviceFor(databaseUrl: string, code: string | undefined): string {
  const known = ADVICE.get(code ?? '')
  if (known !== undefined) return known
  const log = embeddedServers.get(describeDatabase(databaseUrl))
  if (log === undefined) return 'check that it runs and that DATABASE_URL is right'
  return `it is the embedded one and is started again by itself; if that lasts, its log ${log} and the free disk space tell why`
}

/** Turns what passes with time or repair into DatabaseUnavailable; everything else stays what it is. */
export function asDatabaseError(error: unknown, databaseUrl: string): unknown {
  if (error instanceof DatabaseUnavailable || !isTransient(error)) return error
  const { code, message } = describeError(error)
  const text = message.trimEnd().split('\n').at(-1) ?? ''
  return new DatabaseUnavailable(
    `the database at ${describeDatabase(databaseUrl)} is not available (${text}): ${adviceFor(databaseUrl, code)}`,
    error,
  )
}

/**
 * SQLSTATE classes 08 connection, 28 authorisation, 40 rollback, 53 resources, 57 operator, 58 system; lock and idle timeouts;
 * Prisma's connection errors, pool timeout and write conflict.
 */
const TRANSIENT_STATE = /^(08|28|40|53|57|58)...$|^(55P03|25P0[34])$|^P(1\d{3}|2024|2034)$/
const TRANSIENT_TEXT =
  /connection terminated|connection ended|timeout expired|timeout exceeded|not queryable|client was closed/i

export function isTransient(error: unknown): boolean {
  const { code, message } = describeError(error)
  if (code !== undefined && (TRANSIENT_STATE.test(code) || /^E[A-Z]{4,}$/.test(code))) return true
  return TRANSIENT_TEXT.test(message)
}

/** Where Prisma keeps what the server said, when it has no code of its own for it. */
function serverErrorIn(error: object): { code: string; message: string } | undefined {
  const { meta } = error as { meta?: { driverAdapterError?: { cause?: Record<string, unknown> } } }
  const { originalCode, originalMessage } = meta?.driverAdapterError?.cause ?? {}
  if (typeof originalCode !== 'string') return undefined
  return { code: originalCode, message: typeof originalMessage === 'string' ? originalMessage : '' }
}

/** Drivers and adapters throw errors of several classes and realms, so they are read by shape. */
function describeError(error: unknown): { code: string | undefined; message: string } {
  if (typeof error !== 'object' || error === null) return { code: undefined, message: String(error) }
  const ofServer = serverErrorIn(error)
  if (ofServer !== undefined) return ofServer
  const { code, message, errors, cause, thrownValue } = error as {
    code?: unknown
    message?: unknown
    errors?: unknown[]
    cause?: unknown
    /** What GraphQL wraps where it is no Error of its own realm. */
    thrownValue?: unknown
  }
  if (typeof code === 'string' && typeof message === 'string' && message !== '') return { code, message }
  if (Array.isArray(errors) && errors.length > 0) return describeError(errors[0])
  const inner = cause ?? thrownValue
  if (typeof inner === 'object' && inner !== null) return describeError(inner)
  return { code: typeof code === 'string' ? code : undefined, message: typeof message === 'string' ? message : '' }
}

/** Where tables without a schema are looked for. Ledger first, so that new tables land there; then the generations of read models that serve. */
const SEARCH_PATH = 'public,access_index,decisions'

/** Settings at the start of a session: ours, then those of the URL (for example `-c role=…`). */
function sessionOptions(databaseUrl: string): string {
  const ofUrl = URL.canParse(databaseUrl) ? new URL(databaseUrl).searchParams.get('options') : undefined
  return ['-c TimeZone=UTC', `-c search_path=${SEARCH_PATH}`, ofUrl ?? ''].join(' ').trim()
}

/** As the URL says by `connect_timeout`, in seconds, which the driver does not read. */
function connectTimeoutMs(databaseUrl: string): number {
  const ofUrl = URL.canParse(databaseUrl) ? new URL(databaseUrl).searchParams.get('connect_timeout') : null
  return ofUrl !== null && /^[1-9]\d{0,3}$/.test(ofUrl) ? Number(ofUrl) * 1_000 : CONNECT_TIMEOUT_MS
}

/** The driver lets options of the URL replace ours, so they are taken out of it. */
function withoutOptions(databaseUrl: string): string {
  if (!URL.canParse(databaseUrl)) return databaseUrl
  const url = new URL(databaseUrl)
  if (!url.searchParams.has('options')) return databaseUrl
  url.searchParams.delete('options')
  return url.toString()
}

function clientConfig(
  databaseUrl: string,
  options: DatabaseOptions,
): ConstructorParameters<typeof PasswordFileClient>[0] {
  return {
    connectionString: withoutPasswordFile(withoutOptions(databaseUrl)),
    passwordFile: passwordFileOf(databaseUrl),
    application_name: options.applicationName,
    connectionTimeoutMillis: connectTimeoutMs(databaseUrl),
    ...KEPT_ALIVE,
    statement_timeout: options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
    ...(options.lockTimeoutMs === undefined ? {} : { lock_timeout: options.lockTimeoutMs }),
    ...(options.idleInTransactionTimeoutMs === undefined
      ? {}
      : { idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs }),
    options: sessionOptions(databaseUrl),
  }
}
