import { merge, type Activity } from '@catena/domain'
import type pg from 'pg'
import { undashed, type Uuid } from './identity.js'
import { inTurn, keyId, type FactRow, type KeyRow, type Rows } from './rows.js'

/** Facts of a batch that the index held before, and the positions of all that it had heard of them. */
export interface Known {
  readonly facts: readonly Uuid[]
  readonly positions: readonly number[]
}

/** Merges facts with what the index holds of them, whose rows are taken out: what is left in the map is to be written. */
export async function mergeKnownFacts(client: pg.ClientBase, facts: Map<Uuid, FactRow>): Promise<Known> {
  if (facts.size === 0) return { facts: [], positions: [] }
  const { rows } = await client.query<{ fact: string; body: Buffer }>(
    'SELECT fact, body FROM access_fact WHERE fact = ANY($1::uuid[])',
    [[...facts.keys()]],
  )
  const positions: number[] = []
  const told: string[] = []
  for (const row of rows) {
    const fact = undashed(row.fact)
    const [known, added] = [JSON.parse(row.body.toString('utf8')) as Activity, facts.get(fact)]
    positions.push(...known.positions)
    if (known.tellings !== undefined) told.push(row.fact)
    if (added !== undefined) facts.set(fact, { fact, activity: merge(known, added.activity) })
  }
  if (rows.length > 0)
    await client.query('DELETE FROM access_fact WHERE fact = ANY($1::uuid[])', [rows.map(({ fact }) => fact)])
  if (told.length > 0) await client.query('DELETE FROM access_told WHERE fact = ANY($1::uuid[])', [told])
  return { facts: rows.map(({ fact }) => undashed(fact)), positions }
}

interface StoredKey {
  readonly key: string
  readonly verb: number
  readonly fact: string
  readonly source: number
  readonly federated: boolean
  readonly at_us: string
  readonly first_position: string
  readonly until_position: string | null
}

/** Merges keys of known facts with their rows; a row that changes is taken out, and one that does not is not written again. */
export async function mergeKnownKeys(client: pg.ClientBase, keys: Rows['keys'], known: Known): Promise<void> {
  if (known.facts.length === 0) return
  // What became known of a key was told by a record of its fact.
  const { rows } = await client.query<StoredKey>(
    `SELECT key, verb, fact, source, federated, at_us, first_position, until_position FROM access_key
     WHERE first_position = ANY($1::bigint[]) AND fact = ANY($2::uuid[])`,
    [known.positions, known.facts],
  )
  const stored = new Map<string, KeyRow[]>()
  for (const row of rows.map(keyRowOf)) stored.set(keyId(row), [...(stored.get(keyId(row)) ?? []), row])
  const changed: KeyRow[] = []
  for (const [id, held] of stored) {
    const added = keys.get(id)
    if (added === undefined) continue
    const merged = inTurn([...held, ...added])
    changed.push(...held.filter((row) => !merged.some((one) => isSame(row, one))))
    keys.set(id, merged.filter((row) => !held.some((one) => isSame(row, one)))) // prettier-ignore
  }
  if (changed.length > 0) await takeOut(client, changed)
}

async function takeOut(client: pg.ClientBase, keys: readonly KeyRow[]): Promise<void> {
  await client.query(
    `DELETE FROM access_key k USING unnest($1::bigint[], $2::uuid[], $3::smallint[], $4::uuid[]) gone (first_position, key, verb, fact)
     WHERE k.first_position = gone.first_position AND k.key = gone.key AND k.verb = gone.verb AND k.fact = gone.fact`,
    [
      keys.map(({ firstPosition }) => firstPosition),
      keys.map(({ key }) => key),
      keys.map(({ verb }) => verb),
      keys.map(({ fact }) => fact),
    ],
  )
}

function keyRowOf(row: StoredKey): KeyRow {
  const { key, verb, fact, source, federated, at_us, first_position, until_position } = row
  return {
    key: undashed(key),
    verb,
    fact: undashed(fact),
    source,
    federated,
    atUs: Number(at_us),
    firstPosition: Number(first_position),
    untilPosition: until_position === null ? undefined : Number(until_position),
  }
}

function isSame(a: KeyRow, b: KeyRow): boolean {
  const isSaid = a.source === b.source && a.federated === b.federated && a.atUs === b.atUs
  return isSaid && a.firstPosition === b.firstPosition && a.untilPosition === b.untilPosition
}
