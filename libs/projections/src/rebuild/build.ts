import type { Ledger } from '@catena/ledger'
import { connect, transaction } from '@catena/platform'
import type pg from 'pg'
import { contentTables } from '../state-hash.js'
import { indexStatements, type Generation } from './generation.js'
import { connectTo, loadAll } from './load.js'
import type { RebuildOptions, RebuildPhase } from './options.js'

/** Events folded into one transaction after the load. */
const FOLD_EVENTS_MAX = 4_000
/** Memory for sorting an index. */
const INDEX_MEMORY = '256MB'

/** Fills a generation that nobody else knows of. */
export class Builder {
  /** Everything up to here is folded. */
  position = 0

  private constructor(
    private readonly options: RebuildOptions,
    private readonly built: Generation,
    private readonly client: pg.Client,
  ) {}

  static async open(options: RebuildOptions, built: Generation): Promise<Builder> {
    const client = await connectTo(options.databaseUrl, built, 0)
    await options.projection.prepare(client)
    return new Builder(options, built, client)
  }

  async close(): Promise<void> {
    await this.client.end().catch(() => undefined)
  }

  /** In parallel and out of order; afterwards the tables stand as if folded in order, with all keys and indexes. */
  async load(last: number): Promise<void> {
    const { databaseUrl, ledger, sizes, loader, signal } = this.options
    const merged = (await contentTables(this.client, this.built.schema)).filter(
      (table) => !loader.appended.includes(table),
    )
    await this.index(merged, 'keys')
    await this.index(merged, 'indexes')
    let events = 0
    const onLoaded = (count: number): void => this.tell('load', (events += count), last)
    await loadAll({ databaseUrl, ledger, built: this.built, last, sizes, loaderOf: loader.create, onLoaded, signal })
    const repeated = await loader.takeRepeated(this.client)
    this.tell('index', 0, 0)
    await this.index(loader.appended, 'keys')
    await this.foldAgain(ledger, repeated)
    await this.index(loader.appended, 'indexes')
    await transaction(this.client, () => loader.finish(this.client))
    this.position = last
  }

  /** In order, up to a position and no further. */
  async foldTo(last: number): Promise<number> {
    while (this.position < last) {
      this.options.signal?.throwIfAborted()
      const events = await this.options.ledger.read(this.position, Math.min(FOLD_EVENTS_MAX, last - this.position))
      if (events.length === 0)
        throw new Error(`event ${this.position + 1} is missing from the ledger: run \`catena verify\``)
      await transaction(this.client, () => this.options.projection.interpret(events)(this.client))
      this.position = events.at(-1)?.position ?? this.position
      this.tell('catch-up', this.position, last)
    }
    return this.position
  }

  private async foldAgain(ledger: Pick<Ledger, 'readAt'>, positions: readonly number[]): Promise<void> {
    for (let from = 0; from < positions.length; from += FOLD_EVENTS_MAX) {
      this.options.signal?.throwIfAborted()
      const events = await ledger.readAt(positions.slice(from, from + FOLD_EVENTS_MAX))
      await transaction(this.client, () => this.options.projection.interpret(events)(this.client))
      this.tell('merge', from + events.length, positions.length)
    }
  }

  /** One connection a table. */
  private async index(tables: readonly string[], which: 'keys' | 'indexes'): Promise<void> {
    const { ownerUrl, schema } = this.options
    const indexTable = async (table: string): Promise<void> => {
      const owner = await connect(ownerUrl, { applicationName: 'catena-rebuild', statementTimeoutMs: 0 })
      try {
        await owner.query(`SET maintenance_work_mem = '${INDEX_MEMORY}'`)
        for (const statement of (await indexStatements(owner, schema, this.built, table))[which])
          await owner.query(statement)
        await owner.query(`ANALYZE ${this.built.schema}.${table}`)
      } finally {
        await owner.end()
      }
    }
    await Promise.all(tables.map(indexTable))
  }

  private tell(phase: RebuildPhase, done: number, of: number): void {
    this.options.onProgress?.({ phase, done, of })
  }
}
