import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { contentTables } from '../state-hash.js'
import { LayoutChanged } from './errors.js'
import { layoutOf, type Generation } from './generation.js'

/** Longest wait for readers: shorter than deadlock_timeout, so that it is this that gives way and never a reader that is aborted. */
const LOCK_WAIT_MS = 400
/** A process that is stopped in mid-switch holds up readers for no longer. */
const SILENCE_MAX_MS = 5_000

export interface Checkpoint {
  readonly name: string
  readonly version: string
  readonly position: number
  /** Another one where a rebuild came out otherwise than what served; what follows the projection is then made anew. */
  readonly contents: string | null
}

/** `held`: somebody reads the old tables now. Otherwise the name under which the old generation waits to be dropped. */
export type Switched = 'held' | { readonly retired: string }

/**
 * Puts a built generation in the place of the one that serves, in one transaction. It first takes all old tables from their readers, so a
 * reader whose transaction has seen any of them ends before; the checkpoint is inserted here and now, so one with an older snapshot that
 * has seen none finds no checkpoint, which means that nothing is known, and never half of each. `catchUp` brings the built tables to the
 * position at which the old ones were locked, where that is later, and returns where they stand.
 */
export async function switchGenerations(
  owner: pg.ClientBase,
  serving: string,
  built: Generation,
  checkpoint: Omit<Checkpoint, 'position'>,
  catchUp: (position: number) => Promise<number>,
): Promise<Switched> {
  const retired = `${serving}_old_${randomBytes(6).toString('hex')}`
  await owner.query(`BEGIN; SET LOCAL idle_in_transaction_session_timeout = ${SILENCE_MAX_MS}`)
  try {
    if (!(await takeTables(owner, serving))) return 'held'
    await requireSameLayout(owner, serving, built, checkpoint.name)
    const position = await catchUp(await standsAt(owner, serving, checkpoint.name))
    await owner.query(
      `INSERT INTO ${built.schema}.projection (name, version, position, contents) VALUES ($1, $2, $3, $4)`,
      [checkpoint.name, checkpoint.version, position, checkpoint.contents],
    )
    await owner.query(`ALTER SCHEMA ${serving} RENAME TO ${retired}`)
    await owner.query(`ALTER SCHEMA ${built.schema} RENAME TO ${serving}`)
    await owner.query('COMMIT')
    return { retired }
  } catch (error) {
    await owner.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}

/** Throws LayoutChanged. */
export async function requireSameLayout(
  client: pg.ClientBase,
  serving: string,
  built: Generation,
  name: string,
): Promise<void> {
  if ((await layoutOf(client, serving)) !== (await layoutOf(client, built.schema))) throw new LayoutChanged(name)
}

async function takeTables(owner: pg.ClientBase, serving: string): Promise<boolean> {
  const tables = [...(await contentTables(owner, serving)), 'projection'].map((name) => `${serving}.${name}`)
  try {
    await owner.query(`SET LOCAL statement_timeout = ${LOCK_WAIT_MS}`)
    await owner.query(`LOCK TABLE ${tables.join(', ')} IN ACCESS EXCLUSIVE MODE`)
    await owner.query('SET LOCAL statement_timeout = 0')
    return true
  } catch (error) {
    await owner.query('ROLLBACK')
    if (['57014', '55P03', '40P01'].includes((error as pg.DatabaseError).code ?? '')) return false
    throw error
  }
}

/** Position of the generation that serves; 0 where it has none. */
export async function standsAt(client: pg.ClientBase, schema: string, name: string): Promise<number> {
  return (await checkpointIn(client, schema, name))?.position ?? 0
}

export async function checkpointIn(
  client: pg.ClientBase,
  schema: string,
  name: string,
): Promise<Checkpoint | undefined> {
  const { rows } = await client.query<Pick<Checkpoint, 'version' | 'contents'> & { position: string }>(
    `SELECT version, position, contents FROM ${pg.escapeIdentifier(schema)}.projection WHERE name = $1`,
    [name],
  )
  return rows[0] === undefined ? undefined : { name, ...rows[0], position: Number(rows[0].position) }
}

/** Other sessions that hold a table of the schema, for a message. */
export async function holdersOf(owner: pg.ClientBase, schema: string): Promise<string[]> {
  const { rows } = await owner.query<{ holder: string }>(
    `SELECT DISTINCT a.application_name || ' (pid ' || a.pid || ', ' || coalesce(a.state, '') || ')' AS holder
     FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_stat_activity a ON a.pid = l.pid
     WHERE l.locktype = 'relation' AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND c.relnamespace = to_regnamespace($1) AND a.pid <> pg_backend_pid() ORDER BY 1`,
    [schema],
  )
  return rows.map(({ holder }) => holder)
}
