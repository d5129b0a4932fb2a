import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { NewRecord } from '@catena/ledger'
import { connect } from '@catena/platform'
import type pg from 'pg'
import { batchesOf, type Contender } from './contender.js'
import { relationBytes } from './meter.js'

/** A package of its own: Emmett asks for another major version of a library than Catena uses. */
const FOLDER = join(process.cwd(), 'bench', 'emmett')
const ENTRY = join(FOLDER, 'node_modules', '@event-driven-io', 'emmett-postgresql', 'dist', 'index.js')
const DATABASE = 'bench_emmett'

/** What is used of its store. */
interface EmmettStore {
  readonly schema: { migrate(): Promise<unknown> }
  appendToStream(stream: string, events: EmmettEvent[]): Promise<unknown>
  close(): Promise<void>
}

interface EmmettEvent {
  readonly type: string
  readonly data: unknown
  readonly metadata: unknown
}

/** Emmett's event store for PostgreSQL, with its schema and settings as it comes. */
export class Emmett implements Contender {
  readonly name = 'Emmett'
  readonly doesNot =
    'no lookup of duplicates, no contiguous positions, no hashes, no offsets in the transaction, no counts; its time includes making ' +
    'JSON text of each payload, because its API takes objects'
  private batches: EmmettEvent[][] = []
  private streams = 0

  private constructor(
    private readonly store: EmmettStore,
    private readonly client: pg.Client,
  ) {}

  static async open(ownerUrl: string, admin: pg.Client): Promise<Emmett> {
    install()
    await admin.query(`CREATE DATABASE ${DATABASE}`)
    const url = new URL(ownerUrl)
    url.pathname = `/${DATABASE}`
    const { getPostgreSQLEventStore } = (await import(pathToFileURL(ENTRY).href)) as {
      getPostgreSQLEventStore: (url: string) => EmmettStore
    }
    const store = getPostgreSQLEventStore(url.href)
    await store.schema.migrate()
    return new Emmett(store, await connect(url.href, { applicationName: 'catena-bench', statementTimeoutMs: 0 }))
  }

  ready(records: readonly NewRecord[], batchSize: number): void {
    this.batches = batchesOf(records.map(eventOf), batchSize)
  }

  async write(): Promise<void> {
    const stream = `bench-${++this.streams}`
    for (const events of this.batches) await this.store.appendToStream(stream, events)
  }

  async count(): Promise<number> {
    const { rows } = await this.client.query<{ count: number }>('SELECT count(*)::int AS count FROM emt_messages')
    return rows[0]?.count ?? 0
  }

  diskBytes(): Promise<number> {
    return relationBytes(this.client, ['emt_messages', 'emt_streams'])
  }

  async close(): Promise<void> {
    await this.store.close()
    await this.client.end()
  }
}

function eventOf(record: NewRecord): EmmettEvent {
  return {
    type: record.type,
    data: JSON.parse(record.payload.toString('utf8')) as unknown,
    metadata: { source: record.source, recordId: record.recordId.toString('hex'), occurredAt: record.occurredAt },
  }
}

function install(): void {
  if (existsSync(ENTRY)) return
  process.stderr.write('Installing Emmett for the comparison…\n')
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: FOLDER,
    stdio: ['ignore', 2, 2],
  })
  if (status !== 0)
    throw new Error(
      'Emmett could not be installed: run `npm ci` in bench/emmett, or leave it out with --without-emmett',
    )
}
