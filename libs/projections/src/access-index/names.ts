import type { Key } from '@catena/domain'
import type pg from 'pg'
import { uuidOf, type Uuid } from './identity.js'

/** Rounds of following names of names; the first mostly finds all. */
const ROUNDS_MAX = 8

/** Names shown with these keys, and with the names so found. OFFSET 0 keeps each step a look-up by the index, whatever the planner believes. */
const NAMES = `
  WITH near AS MATERIALIZED (
    SELECT asked.key, shown.name_key, shown.name FROM unnest($1::uuid[]) AS asked (key) CROSS JOIN LATERAL (
      SELECT name_key, name FROM access_name WHERE key = asked.key AND first_position <= $2 OFFSET 0) AS shown)
  SELECT key, name_key, name FROM near
  UNION ALL
  SELECT further.key, shown.name_key, shown.name
  FROM (SELECT DISTINCT name_key FROM near WHERE name_key <> ALL ($1::uuid[])) AS further (key)
  CROSS JOIN LATERAL (SELECT name_key, name FROM access_name WHERE key = further.key AND first_position <= $2 OFFSET 0) AS shown`

interface Shown {
  readonly key: string
  readonly name_key: string
  readonly name: Key
}

/** Per key all names of its thing, itself among them, in order: what records show together, directly or through others. */
export async function namesOf(
  pool: pg.Pool,
  position: number,
  keys: readonly Key[],
): Promise<Map<Key, readonly Key[]>> {
  const names = new Names(keys)
  let frontier = names.unfollowed()
  for (let round = 0; round < ROUNDS_MAX && frontier.length > 0; round++) {
    const { rows } = await pool.query<Shown>({ name: 'access-names', text: NAMES, values: [frontier, position] })
    names.add(rows)
    frontier = names.unfollowed()
  }
  return new Map(keys.map((key) => [key, names.of(key)]))
}

/** Keys by their uuids, and which were shown beside which. */
class Names {
  private readonly texts: Map<Uuid, Key>
  private readonly beside = new Map<Uuid, Set<Uuid>>()
  private readonly followed = new Set<Uuid>()
  private readonly things = new Map<Uuid, readonly Key[]>()

  constructor(keys: readonly Key[]) {
    this.texts = new Map(keys.map((key) => [uuidOf(key), key]))
  }

  /** Of which no names were asked yet; they count as followed from now on. */
  unfollowed(): Uuid[] {
    const found = [...this.texts.keys()].filter((uuid) => !this.followed.has(uuid))
    for (const uuid of found) this.followed.add(uuid)
    return found
  }

  add(rows: readonly Shown[]): void {
    for (const row of rows) {
      const [one, other] = [plain(row.key), plain(row.name_key)]
      this.followed.add(one)
      this.texts.set(other, row.name)
      this.connect(one, other)
      this.connect(other, one)
    }
  }

  private connect(one: Uuid, other: Uuid): void {
    const known = this.beside.get(one)
    if (known === undefined) this.beside.set(one, new Set([other]))
    else known.add(other)
  }

  of(key: Key): readonly Key[] {
    const uuid = uuidOf(key)
    const known = this.things.get(uuid)
    if (known !== undefined) return known
    const reached = new Set([uuid])
    for (const each of reached) for (const other of this.beside.get(each) ?? []) reached.add(other)
    const names = [...reached].flatMap((each) => this.texts.get(each) ?? []).sort()
    for (const each of reached) this.things.set(each, names)
    return names
  }
}

function plain(uuid: string): Uuid {
  return uuid.replaceAll('-', '')
}
