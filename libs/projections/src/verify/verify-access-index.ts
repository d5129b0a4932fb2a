import type { Ledger } from '@catena/ledger'
import { connect, transaction } from '@catena/platform'
import type pg from 'pg'
import { AccessIndexProjection, type Interpretation } from '../access-index/project.js'
import { ACCESS_INDEX_JSON } from '../rebuild/access-index-loader.js'
import { checkpointIn } from '../rebuild/switch.js'
import { contentTables, stateHash, type StateHash } from '../state-hash.js'
import { BESIDE, createBeside, DIFFERENCES_MAX, inSnapshot } from './beside.js'
import { compareTables, type ReadModelDifference } from './compare-tables.js'
import { chooseFacts } from './sample.js'

const SCHEMA = 'access_index'
const FOLD_EVENTS_MAX = 4_000

export interface VerifyAccessIndexOptions {
  /** The application's is enough. */
  readonly databaseUrl: string
  readonly ledger: Pick<Ledger, 'read' | 'readAt' | 'head'>
  readonly interpretation: Interpretation
  /** Of the running code (`interpretationVersion`): another version's rows would differ for good reason. */
  readonly version: string
  /** `all`: a fresh fold of the whole ledger. A number: so many facts, and so many positions of the ledger, chosen at random. */
  readonly extent: 'all' | number
  readonly onProgress?: (done: number, of: number) => void
}

export interface AccessIndexVerification {
  /** The state of the index that was compared. */
  readonly position: number
  readonly factsCompared: number
  /** With `all`: hash of the index that serves, and of the fresh fold. */
  readonly state: { readonly serving: StateHash; readonly fresh: StateHash } | undefined
  /** At most 100. */
  readonly differences: readonly ReadModelDifference[]
  /** Rows that differ, all of them. */
  readonly count: number
}

/** The index that serves was made by another version of Catena or another catena.yaml, so nothing can be said of it. */
export class IndexOfAnotherVersion extends Error {
  constructor() {
    super(
      'the access index is of another version of Catena or another catena.yaml: run `catena rebuild access-index`, then verify',
    )
    this.name = 'IndexOfAnotherVersion'
  }
}

/**
 * Compares the access index with a fresh fold of the ledger, in order, into temporary tables; the index goes on meanwhile. Throws
 * IndexOfAnotherVersion, and EventsDetached where records that are needed stand in an archive.
 */
export async function verifyAccessIndex(options: VerifyAccessIndexOptions): Promise<AccessIndexVerification> {
  const client = await connect(options.databaseUrl, { applicationName: 'catena-verify', statementTimeoutMs: 0 })
  try {
    await createBeside(client, SCHEMA, await contentTables(client, SCHEMA))
    const fold = await Fold.prepare(client, options)
    return options.extent === 'all'
      ? await verifyAll(client, options, fold)
      : await verifySample(client, options, fold, options.extent)
  } finally {
    await client.end()
  }
}

/** The projection itself, over tables that nobody else sees. */
class Fold {
  private constructor(
    private readonly client: pg.Client,
    private readonly projection: AccessIndexProjection,
    private readonly options: VerifyAccessIndexOptions,
  ) {}

  static async prepare(client: pg.Client, options: VerifyAccessIndexOptions): Promise<Fold> {
    const projection = new AccessIndexProjection(options.interpretation)
    await projection.prepare(client)
    return new Fold(client, projection, options)
  }

  async range(after: number, last: number): Promise<void> {
    for (let reached = after; reached < last;) {
      const events = await this.options.ledger.read(reached, Math.min(FOLD_EVENTS_MAX, last - reached))
      if (events.length === 0) throw new Error(`event ${reached + 1} is missing from the ledger: run \`catena verify\``)
      await transaction(this.client, () => this.projection.interpret(events)(this.client))
      reached = events.at(-1)?.position ?? last
      this.options.onProgress?.(reached, last)
    }
  }

  /** Inside the caller's transaction, at once. */
  async rest(after: number, last: number): Promise<void> {
    if (last > after) await this.projection.interpret(await this.options.ledger.read(after, last - after))(this.client)
  }

  async positions(positions: readonly number[]): Promise<void> {
    for (let from = 0; from < positions.length; from += FOLD_EVENTS_MAX) {
      const events = await this.options.ledger.readAt(positions.slice(from, from + FOLD_EVENTS_MAX))
      await transaction(this.client, () => this.projection.interpret(events)(this.client))
      this.options.onProgress?.(Math.min(from + FOLD_EVENTS_MAX, positions.length), positions.length)
    }
  }
}

async function verifyAll(
  client: pg.Client,
  options: VerifyAccessIndexOptions,
  fold: Fold,
): Promise<AccessIndexVerification> {
  let reached = 0
  for (;;) {
    const { position } = await requireVersion(client, options)
    await fold.range(reached, position)
    reached = position
    const verified = await inSnapshot(client, async () => {
      const serving = await requireVersion(client, options)
      // The index may have moved on a little since; further, and this fold first follows it.
      if (serving.position - reached > FOLD_EVENTS_MAX) return undefined
      await fold.rest(reached, serving.position)
      return compareAll(client, serving.position)
    })
    if (verified !== undefined) return verified
  }
}

async function compareAll(client: pg.Client, position: number): Promise<AccessIndexVerification> {
  const serving = await stateHash(client, SCHEMA, ACCESS_INDEX_JSON)
  const fresh = await stateHash(
    client,
    await temporarySchema(client),
    ACCESS_INDEX_JSON,
    serving.tables.map(({ table }) => table),
  )
  const factsCompared = serving.tables.find(({ table }) => table === 'access_fact')?.rows ?? 0
  const differing = serving.tables
    .filter(({ table, hash }) => fresh.tables.find((each) => each.table === table)?.hash !== hash)
    .map(({ table }) => table)
  const found = await compareTables(client, SCHEMA, BESIDE, differing, DIFFERENCES_MAX)
  return { position, factsCompared, state: { serving, fresh }, ...found }
}

async function verifySample(
  client: pg.Client,
  options: VerifyAccessIndexOptions,
  fold: Fold,
  size: number,
): Promise<AccessIndexVerification> {
  const { position } = await requireVersion(client, options)
  const { facts, positions } = await chooseFacts(client, options, size, position)
  await fold.positions(positions.filter((each) => each <= position))
  return inSnapshot(client, async () => {
    // What the index learnt of these facts since belongs to the comparison too.
    const serving = await requireVersion(client, options)
    await client.query('CREATE TEMP TABLE chosen ON COMMIT DROP AS SELECT unnest($1::uuid[]) AS fact', [facts])
    const found = await compareTables(
      client,
      SCHEMA,
      BESIDE,
      ['access_fact', 'access_key', 'access_told'],
      DIFFERENCES_MAX,
      {
        facts: 'chosen',
        upTo: position,
      },
    )
    return { position: Math.min(position, serving.position), factsCompared: facts.length, state: undefined, ...found }
  })
}

async function requireVersion(client: pg.Client, { version }: VerifyAccessIndexOptions): Promise<{ position: number }> {
  const serving = await checkpointIn(client, SCHEMA, AccessIndexProjection.projectionName)
  if (serving !== undefined && serving.version !== version) throw new IndexOfAnotherVersion()
  return { position: serving?.position ?? 0 }
}

async function temporarySchema(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT nspname AS name FROM pg_namespace WHERE oid = pg_my_temp_schema()',
  )
  return rows[0]?.name ?? BESIDE
}
