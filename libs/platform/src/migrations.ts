import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import { connect } from './database.js'

/** The lock that Prisma's own migration engine takes, so that the two exclude each other. */
const MIGRATION_LOCK = 72707369
const LOCK_WAIT_MS = 60_000

const TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL,
  "checksum" VARCHAR(64) NOT NULL,
  "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL,
  "logs" TEXT,
  "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`

/** The database's schema and this build do not fit; somebody must decide, so nothing was changed. */
export class SchemaMismatch extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'SchemaMismatch'
  }
}

export interface Migration {
  readonly name: string
  readonly sql: string
  /** SHA-256 of the file, in hex. */
  readonly checksum: string
}

/** The nearest `prisma/migrations` above this file: the same from sources and from a build. */
export function migrationsFolder(file: string = fileURLToPath(import.meta.url)): string {
  let folder = dirname(file)
  for (;;) {
    const candidate = join(folder, 'prisma', 'migrations')
    if (existsSync(candidate)) return candidate
    const parent = dirname(folder)
    if (parent === folder) throw new Error('prisma/migrations is missing from this installation')
    folder = parent
  }
}

/** In the order of their names, which begin with a timestamp. */
export async function readMigrations(folder = migrationsFolder()): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(
    names.sort().map(async (name) => {
      const bytes = await readFile(join(folder, name, 'migration.sql'))
      return { name, sql: bytes.toString('utf8'), checksum: createHash('sha256').update(bytes).digest('hex') }
    }),
  )
}

/**
 * Applies what is missing, each migration in a transaction, and returns the names applied.
 * Throws SchemaMismatch when an applied migration was altered, is unknown to this build, or was left unfinished.
 */
export async function migrateDatabase(databaseUrl: string, folder = migrationsFolder()): Promise<string[]> {
  const migrations = await readMigrations(folder)
  const client = await connect(databaseUrl, {
    applicationName: 'catena-migrate',
    statementTimeoutMs: 0,
    lockTimeoutMs: LOCK_WAIT_MS,
  })
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK])
    await client.query(TABLE)
    const applied = await appliedChecksums(client)
    refuseMismatch(migrations, applied)
    const missing = migrations.filter(({ name }) => !applied.has(name))
    for (const migration of missing) await apply(client, migration)
    return missing.map(({ name }) => name)
  } finally {
    // Ending the session also frees the lock.
    await client.end()
  }
}

async function appliedChecksums(client: pg.Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ migration_name: string; checksum: string; finished: boolean }>(
    `SELECT "migration_name", "checksum", "finished_at" IS NOT NULL AS "finished"
     FROM "_prisma_migrations" WHERE "rolled_back_at" IS NULL`,
  )
  const unfinished = rows.find((row) => !row.finished)
  if (unfinished) {
    throw new SchemaMismatch(
      `migration ${unfinished.migration_name} was begun by another tool and never finished: resolve it there, then start again`,
    )
  }
  return new Map(rows.map((row) => [row.migration_name, row.checksum]))
}

function refuseMismatch(migrations: readonly Migration[], applied: ReadonlyMap<string, string>): void {
  const known = new Set(migrations.map(({ name }) => name))
  const unknown = [...applied.keys()].filter((name) => !known.has(name)).sort()
  if (unknown.length > 0) {
    throw new SchemaMismatch(
      `the database was made by a newer Catena (it has ${unknown.join(', ')}): start that version or a later one`,
    )
  }
  const altered = migrations.filter(({ name, checksum }) => (applied.get(name) ?? checksum) !== checksum)
  if (altered.length > 0) {
    const names = altered.map(({ name }) => name).join(', ')
    throw new SchemaMismatch(
      `${names} differs from what was applied to this database: restore the original file, changes go into a new migration`,
    )
  }
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('BEGIN')
  try {
    await client.query(migration.sql)
    await client.query(
      `INSERT INTO "_prisma_migrations" ("id", "checksum", "finished_at", "migration_name", "started_at", "applied_steps_count")
       VALUES ($1, $2, clock_timestamp(), $3, now(), 1)`,
      [randomUUID(), migration.checksum, migration.name],
    )
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw new Error(`migration ${migration.name} failed and was rolled back`, { cause: error })
  }
}
