import { Beside, decodeDecision, type DecisionStreams, type LookedAt, type OnLooked } from '@catena/ledger'
import { connect, transaction } from '@catena/platform'
import type pg from 'pg'
import type { DecisionView } from '../decisions/view.js'
import { contentTables } from '../state-hash.js'
import { BESIDE, createBeside, DIFFERENCES_MAX, inSnapshot } from './beside.js'
import { compareTables } from './compare-tables.js'

const SCHEMA = 'decisions'
/** Of the views, not of what they hold. */
const CHECKPOINTS = 'view'
const FOLD_DECISIONS_MAX = 2_000

export interface VerifyViewsOptions {
  /** The application's is enough. */
  readonly databaseUrl: string
  readonly log: Pick<DecisionStreams, 'readDecisions'>
  readonly views: readonly DecisionView[]
  /** Entries of the ledger, up to the last that they have read. */
  readonly onLooked?: OnLooked
}

/** The lists that serve were made by another version of Catena, so nothing can be said of them. */
export class ViewsOfAnotherVersion extends Error {
  constructor(names: readonly string[]) {
    super(`lists of decisions are of another version of Catena (${names.join(', ')}): start \`catena up\`, which makes them anew, then verify`)
    this.name = 'ViewsOfAnotherVersion'
  }
} // prettier-ignore

/**
 * Compares the lists of decisions with a fresh fold of the streams into temporary tables; the lists go on meanwhile. Counts rows that differ, and names
 * them by their keys. Throws ViewsOfAnotherVersion.
 */
export async function verifyDecisionViews(options: VerifyViewsOptions): Promise<LookedAt> {
  const client = await connect(options.databaseUrl, { applicationName: 'catena-verify', statementTimeoutMs: 0 })
  try {
    const tables = (await contentTables(client, SCHEMA)).filter((table) => table !== CHECKPOINTS)
    await createBeside(client, SCHEMA, tables)
    const fold = new Fold(client, options)
    // Most of it before the snapshot, which is then short.
    await fold.to(await standsOf(client, options.views), (work) => transaction(client, work))
    const { differences, count } = await inSnapshot(client, async () => {
      await fold.to(await standsOf(client, options.views), (work) => work())
      return compareTables(client, SCHEMA, BESIDE, tables, DIFFERENCES_MAX)
    })
    const beside = new Beside()
    for (const { table, kind, row } of differences) beside.add(`${table}: ${kind} ${row}`)
    return { ...beside.lookedAt, count: fold.decisions, findingsCount: count }
  } finally {
    await client.end()
  }
}

type Stands = ReadonlyMap<string, number>

async function standsOf(client: pg.Client, views: readonly DecisionView[]): Promise<Stands> {
  const { rows } = await client.query<{ name: string; version: string; position: string }>(
    'SELECT name, version, position FROM decisions.view',
  )
  const known = new Map(rows.map((row) => [row.name, row]))
  const others = views.filter(({ name, version }) => (known.get(name)?.version ?? version) !== version)
  if (others.length > 0) throw new ViewsOfAnotherVersion(others.map(({ name }) => name))
  return new Map(views.map(({ name }) => [name, Number(known.get(name)?.position ?? 0)]))
}

/** The views themselves, over tables that nobody else sees. */
class Fold {
  decisions = 0
  private reached = 0
  private folded: Stands = new Map()

  constructor(
    private readonly client: pg.Client,
    private readonly options: VerifyViewsOptions,
  ) {}

  /** Each view up to where it stands. */
  async to(stands: Stands, within: (work: () => Promise<void>) => Promise<void>): Promise<void> {
    const last = Math.max(0, ...stands.values())
    // A view that was behind before goes on from where it was, and so does the reading.
    this.reached = Math.min(this.reached, ...this.options.views.map(({ name }) => this.folded.get(name) ?? 0))
    while (this.reached < last) {
      const read = await this.options.log.readDecisions(this.reached, FOLD_DECISIONS_MAX)
      const decisions = read.flatMap((event) => (event.position <= last ? (decodeDecision(event) ?? []) : []))
      await within(async () => {
        for (const view of this.options.views) {
          const [after, upTo] = [this.folded.get(view.name) ?? 0, stands.get(view.name) ?? 0]
          const own = decisions.filter(({ position }) => position > after && position <= upTo)
          if (own.length > 0) await view.apply(this.client, own)
        }
      })
      this.decisions += decisions.filter(({ position }) => position > Math.max(0, ...this.folded.values())).length
      this.reached = read.length < FOLD_DECISIONS_MAX ? last : Math.min(last, read.at(-1)?.position ?? last)
      this.options.onLooked?.(this.reached, last)
    }
    this.folded = stands
  }
}
