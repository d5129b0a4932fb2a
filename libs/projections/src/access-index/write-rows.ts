import { asksForContent } from '@catena/domain'
import { copyRows, type CopyBinary } from '@catena/platform'
import type pg from 'pg'
import type { NamedRow } from './credential-names.js'
import { undashed, type Uuid } from './identity.js'
import {
  credentialColumns,
  micros,
  pairingOf,
  type CredentialRow,
  type FactRow,
  type KeyRow,
  type NameRow,
  type Rows,
  type StandingRow,
} from './rows.js'
import { heardUs, toldRows, type ToldRow } from './told-rows.js'

/** Staging tables live as long as the connection; COPY into them and merge is the fastest upsert that was measured. */
export const STAGING = `
  CREATE TEMP TABLE stage_name (LIKE access_name) ON COMMIT DELETE ROWS;
  CREATE TEMP TABLE stage_standing (LIKE access_standing) ON COMMIT DELETE ROWS;
  CREATE TEMP TABLE stage_credential (LIKE access_credential) ON COMMIT DELETE ROWS;
  CREATE TEMP TABLE stage_other_name (LIKE access_other_name) ON COMMIT DELETE ROWS`

/** Writes facts and keys as they are: merged with what was known of them, or to tables that are merged and keyed later (rebuild). */
export async function appendRows(client: pg.Client, rows: Rows): Promise<void> {
  await copyRows(client, 'COPY access_fact FROM STDIN (FORMAT binary)', rows.facts.values(), writeFact)
  await copyRows(client, 'COPY access_key FROM STDIN (FORMAT binary)', eachOf(rows.keys.values()), writeKey)
  const told = [...rows.facts.values()].flatMap(toldRows)
  if (told.length > 0) await copyRows(client, 'COPY access_told FROM STDIN (FORMAT binary)', told, writeTold)
}

function* eachOf(all: Iterable<readonly KeyRow[]>): Generator<KeyRow> {
  for (const rows of all) yield* rows
}

/** Merges the rows in which many facts meet, inside the caller's transaction. Returns names of wrappings known before that other names were shown with. */
export async function mergeShared(client: pg.Client, rows: Rows): Promise<Uuid[]> {
  const noticed = await stage<NameRow, { key: string }>(client, 'name', rows.names.values(), writeName, MERGE_NAMES)
  await stage(client, 'standing', rows.standing.entries(), writeStanding, MERGE_STANDING)
  await stage(client, 'credential', rows.credentials.entries(), writeCredential, MERGE_CREDENTIALS)
  await stage(client, 'other_name', othersOf(rows), writeOtherName, MERGE_OTHER_NAMES)
  return noticed.map(({ key }) => undashed(key))
}

function* othersOf({ credentials }: Rows): Generator<[Uuid, NamedRow]> {
  for (const [credential, { others }] of credentials) for (const other of others) yield [credential, other]
}

async function stage<T, R extends pg.QueryResultRow = never>(
  client: pg.Client,
  table: string,
  rows: Iterable<T>,
  write: (out: CopyBinary, row: T) => void,
  merge: string,
): Promise<R[]> {
  const all = [...rows]
  if (all.length === 0) return []
  await copyRows(client, `COPY stage_${table} FROM STDIN (FORMAT binary)`, all, write)
  return (await client.query<R>(merge)).rows
}

const MERGE_NAMES = `
  WITH merged AS (
    INSERT INTO access_name SELECT * FROM stage_name
    ON CONFLICT (key, name_key) DO UPDATE SET first_position = excluded.first_position
    WHERE excluded.first_position < access_name.first_position)
  SELECT DISTINCT s.key FROM stage_name s WHERE EXISTS (SELECT FROM access_wrapping w WHERE w.key = s.key)`

const widen = (table: string): string => `
  first_us = least(${table}.first_us, excluded.first_us), last_us = greatest(${table}.last_us, excluded.last_us),
  first_position = least(${table}.first_position, excluded.first_position)`

const MERGE_STANDING = `
  INSERT INTO access_standing SELECT * FROM stage_standing ON CONFLICT (key) DO UPDATE SET ${widen('access_standing')}`

/** As `leastNamed` of rows.ts: by code units, whatever the database's collation. */
const leastNamed = (known: string, given: string): string => `(${known}.container_name IS NULL
  OR ${given}.container_name COLLATE "C" < ${known}.container_name COLLATE "C")`

const LEAST_NAMED = leastNamed('access_credential', 'excluded')

const EARLIER_NAMED = `ON CONFLICT (credential, named_credential) DO UPDATE SET first_position = excluded.first_position
  WHERE excluded.first_position < access_other_name.first_position`

/** Of two names one becomes an other; each credential is looked up by its key, however many there are. */
const MERGE_CREDENTIALS = `
  WITH other AS (
    INSERT INTO access_other_name SELECT s.credential,
      CASE WHEN ${leastNamed('k', 's')} THEN k.named_credential ELSE s.named_credential END,
      CASE WHEN ${leastNamed('k', 's')} THEN k.container_name ELSE s.container_name END,
      CASE WHEN ${leastNamed('k', 's')} THEN k.named_position ELSE s.named_position END
    FROM stage_credential s CROSS JOIN LATERAL (SELECT named_credential, container_name, named_position FROM access_credential
      WHERE credential = s.credential OFFSET 0) AS k WHERE k.named_credential <> s.named_credential
    ${EARLIER_NAMED})
  INSERT INTO access_credential SELECT * FROM stage_credential ON CONFLICT (credential) DO UPDATE SET
    container_name = CASE WHEN ${LEAST_NAMED} THEN excluded.container_name ELSE access_credential.container_name END,
    named_credential = CASE WHEN ${LEAST_NAMED} THEN excluded.named_credential ELSE access_credential.named_credential END,
    named_position = CASE WHEN excluded.named_credential = access_credential.named_credential
        THEN least(excluded.named_position, access_credential.named_position)
      WHEN ${LEAST_NAMED} THEN excluded.named_position ELSE access_credential.named_position END,
    ${widen('access_credential')}`

const MERGE_OTHER_NAMES = `INSERT INTO access_other_name SELECT * FROM stage_other_name ${EARLIER_NAMED}`

function writeFact(out: CopyBinary, { fact, activity }: FactRow): void {
  const { credential, named } = credentialColumns(activity)
  const pairing = pairingOf(activity)
  out.row(20)
  uuid(out, fact)
  out.text(activity.factId)
  out.text(activity.source)
  out.text(activity.kind)
  out.text(activity.outcome)
  out.bigint(micros(activity.occurredAt))
  out.boolean(activity.attributes.snapshot === true)
  out.boolean(asksForContent(activity))
  uuid(out, credential)
  uuid(out, named)
  text(out, activity.target?.containerName)
  text(out, pairing?.issuer)
  uuid(out, pairing?.minted)
  uuid(out, pairing?.issued)
  out.bigint(activity.positions[0] ?? 0)
  out.bigint(activity.positions.at(-1) ?? 0)
  out.text(JSON.stringify(activity))
  const [heard, since] = [heardUs(activity), activity.tellings?.at(-1)?.position]
  number(out, heard === micros(activity.occurredAt) ? undefined : heard)
  number(out, since)
  number(out, pairing?.position)
}

function writeTold(out: CopyBinary, row: ToldRow): void {
  const { credential, named } = credentialColumns(row.activity)
  const pairing = pairingOf(row.activity)
  out.row(15)
  uuid(out, row.fact)
  out.text(row.source)
  out.boolean(row.isLeast)
  out.bigint(row.atUs)
  out.bigint(row.heardUs)
  out.bigint(row.firstPosition)
  number(out, row.untilPosition)
  out.boolean(row.activity.attributes.snapshot === true)
  out.boolean(asksForContent(row.activity))
  uuid(out, credential)
  uuid(out, named)
  text(out, pairing?.issuer)
  uuid(out, pairing?.minted)
  uuid(out, pairing?.issued)
  number(out, pairing?.position)
}

function writeKey(out: CopyBinary, row: KeyRow): void {
  out.row(8)
  uuid(out, row.key)
  out.smallint(row.verb)
  uuid(out, row.fact)
  out.bigint(row.atUs)
  out.bigint(row.firstPosition)
  out.integer(row.source)
  out.boolean(row.federated)
  number(out, row.untilPosition)
}

function writeName(out: CopyBinary, row: NameRow): void {
  out.row(4)
  uuid(out, row.key)
  out.text(row.name)
  uuid(out, row.nameKey)
  out.bigint(row.firstPosition)
}

function writeStanding(out: CopyBinary, [key, row]: [Uuid, StandingRow]): void {
  out.row(6)
  uuid(out, key)
  out.text(row.name)
  out.text(row.name.slice(0, row.name.indexOf(':')))
  out.bigint(row.firstUs)
  out.bigint(row.lastUs)
  out.bigint(row.firstPosition)
}

function writeCredential(out: CopyBinary, [credential, row]: [Uuid, CredentialRow]): void {
  const target = row.activity.target
  out.row(10)
  uuid(out, credential)
  out.text(target?.system ?? '')
  text(out, target?.container)
  text(out, target?.containerName)
  out.text(target?.path ?? '')
  uuid(out, credentialColumns(row.activity).named)
  out.bigint(row.firstUs)
  out.bigint(row.lastUs)
  out.bigint(row.firstPosition)
  out.bigint(row.namedPosition)
}

function writeOtherName(out: CopyBinary, [credential, { activity, namedPosition }]: [Uuid, NamedRow]): void {
  out.row(4)
  uuid(out, credential)
  uuid(out, credentialColumns(activity).named)
  text(out, activity.target?.containerName)
  out.bigint(namedPosition)
}

function uuid(out: CopyBinary, value: Uuid | undefined): void {
  if (value === undefined) out.nothing()
  else out.hex(value)
}

function number(out: CopyBinary, value: number | undefined): void {
  if (value === undefined) out.nothing()
  else out.bigint(value)
}

function text(out: CopyBinary, value: string | undefined): void {
  if (value === undefined) out.nothing()
  else out.text(value)
}
