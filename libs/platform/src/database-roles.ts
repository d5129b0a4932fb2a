import type pg from 'pg'
import { connect } from './database.js'

/** May append to the ledger and keep its counters and read models; may not change or remove an event. */
export const APP_ROLE = 'catena_app'
/** May erase payload and salt of events that a tombstone names, nothing else. */
export const ERASE_ROLE = 'catena_erase'
const ROLES = [APP_ROLE, ERASE_ROLE]

/** How an application is to connect to a migrated database. */
export interface DatabaseAccess {
  /** Sessions of this URL act as `catena_app` where that could be arranged, else as the owner. Contains the password. */
  readonly databaseUrl: string
  /** Where it could not: what an administrator of the server must run once, by hand. Until then only triggers guard the ledger. */
  readonly byHand?: string
}

/** Makes the two roles where the owner may, and grants each of them what it needs. Call it after every migration. */
export async function prepareRoles(ownerUrl: string): Promise<DatabaseAccess> {
  const client = await connect(ownerUrl, { applicationName: 'catena-roles' })
  try {
    for (const role of ROLES) await prepareRole(client, role)
    const missing = await missingRoles(client)
    if (missing.length > 0) return { databaseUrl: ownerUrl, byHand: await instruction(client, missing) }
    await client.query('SELECT ledger_grant_roles()')
    await client.query(
      `SELECT projection_grant_roles('access_index'), projection_grant_roles('decisions'), projection_grant_roles('governance')`,
    )
    return { databaseUrl: asRole(ownerUrl, APP_ROLE) }
  } finally {
    await client.end()
  }
}

/** The same URL, with sessions that begin as `role` (SET ROLE). */
export function asRole(databaseUrl: string, role: string): string {
  const url = new URL(databaseUrl)
  const options = url.searchParams.get('options') ?? ''
  url.searchParams.set('options', `${options} -c role=${role}`.trim())
  return url.toString()
}

/** Refusals are no failure here: what is missing afterwards is told. */
async function prepareRole(client: pg.Client, role: string): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role])
  if (rowCount === 0) await attempt(client, `CREATE ROLE ${role} NOLOGIN`)
  if ((await missingRoles(client)).includes(role)) await attempt(client, await grantOf(client, role, 'CURRENT_USER'))
}

/**
 * SQLSTATE of what an owner may lack (42501 privilege, 0LP01 grant), and of another process that did the same at the same moment
 * (42710, 23505; XX000 "tuple concurrently updated").
 */
const EXPECTED_STATES = ['42501', '0LP01', '42710', '23505', 'XX000', '42704']

async function attempt(client: pg.Client, sql: string): Promise<void> {
  try {
    await client.query(sql)
  } catch (error) {
    if (!EXPECTED_STATES.includes((error as pg.DatabaseError).code ?? '')) throw error
  }
}

/** Roles that this session could not SET. */
async function missingRoles(client: pg.Client): Promise<string[]> {
  const ability = (await isSince16(client)) ? 'SET' : 'MEMBER'
  const { rows } = await client.query<{ role: string }>(
    `SELECT wanted AS role FROM unnest($1::text[]) AS wanted LEFT JOIN pg_roles ON rolname = wanted
     WHERE rolname IS NULL OR NOT pg_has_role(session_user, pg_roles.oid, $2)`,
    [ROLES, ability],
  )
  return rows.map(({ role }) => role)
}

async function grantOf(client: pg.Client, role: string, to: string): Promise<string> {
  return `GRANT ${role} TO ${to}${(await isSince16(client)) ? ' WITH SET TRUE, INHERIT FALSE' : ''}`
}

/** Since 16 a membership says separately whether it allows SET ROLE. */
async function isSince16(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ version: number }>(
    `SELECT current_setting('server_version_num')::int AS version`,
  )
  return (rows[0]?.version ?? 0) >= 160_000
}

async function instruction(client: pg.Client, missing: readonly string[]): Promise<string> {
  const { rows } = await client.query<{ owner: string; existing: string[] }>(
    `SELECT quote_ident(session_user) AS owner,
       coalesce((SELECT array_agg(rolname::text) FROM pg_roles WHERE rolname = ANY($1)), '{}') AS existing`,
    [ROLES],
  )
  const { owner, existing } = rows[0] ?? { owner: 'CURRENT_USER', existing: [] }
  const made = missing.filter((role) => !existing.includes(role)).map((role) => `CREATE ROLE ${role} NOLOGIN`)
  const granted = await Promise.all(missing.map((role) => grantOf(client, role, owner)))
  return [...made, ...granted].map((statement) => `${statement};`).join('\n')
}
