import { isRewrap, openedBy, REWRAPS_MAX } from '@catena/access-chain'
import { wrappingIn, type Activity, type Key } from '@catena/domain'
import type pg from 'pg'
import { undashed, uuidOf, type Uuid } from './identity.js'
import { verbNumber, type Rows } from './rows.js'
import { unwrappedRows, wrappingNames, type Edge, type Unwrapping, type UnwrappedRow } from './unwrapped-rows.js'

/** Wrappings that a rebuild looks at together. */
const KEYS_AT_ONCE = 1_000

/** `noticed`: names of wrappings, known before, that the batch equates with others. Most batches have nothing of the kind, and ask nothing. */
export async function resolveUnwrapped(
  client: pg.ClientBase,
  { facts }: Rows,
  noticed: readonly Uuid[],
): Promise<void> {
  const own = [...facts.values()].filter(({ activity }) => wrappingNames(activity).length > 0)
  if (own.length === 0 && noticed.length === 0) return
  const made = own.filter(({ activity }) => wrappingIn(activity) !== undefined)
  const looking = new Looking(client)
  const opening = await looking.openings([...made.flatMap(({ activity }) => namesIn(activity)), ...noticed])
  await looking.write([...own, ...opening])
}

/** The same for everything: after a rebuild, which loads in any order. */
export async function resolveAllUnwrapped(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ key: string }>('SELECT key FROM access_wrapping ORDER BY key')
  for (let from = 0; from < rows.length; from += KEYS_AT_ONCE) {
    const looking = new Looking(client)
    const keys = rows.slice(from, from + KEYS_AT_ONCE).map(({ key }) => undashed(key))
    await looking.write(await looking.openings(keys))
  }
}

function namesIn(activity: Activity): Uuid[] {
  return wrappingNames(activity).map(uuidOf)
}

/** Of facts that a rebuild loads: their wrappings are looked at when all is there. */
export async function rememberWrappings(client: pg.ClientBase, { facts }: Rows): Promise<void> {
  const keys = [...new Set([...facts.values()].flatMap(({ activity }) => namesIn(activity)))].sort()
  if (keys.length > 0) await client.query(REMEMBER, [keys])
}

const REMEMBER = 'INSERT INTO access_wrapping SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING'

/** What the index holds around some wrappings: each name and each fact is read once. */
class Looking {
  private readonly named = new Set<Uuid>()
  private readonly shown = new Map<string, { key: Uuid; nameKey: Uuid; position: number }>()
  private readonly beside = new Map<Uuid, Set<Uuid>>()
  private readonly texts = new Map<Uuid, Key>()

  constructor(private readonly client: pg.ClientBase) {}

  /** Requests that open these wrappings, or others into which their content was put. */
  async openings(keys: readonly Uuid[]): Promise<Unwrapping[]> {
    const found = new Map<Uuid, Unwrapping>()
    let frontier = [...new Set(keys)]
    for (let step = 0; step <= REWRAPS_MAX && frontier.length > 0; step++) {
      const facts = await this.carrying(await this.namesOf(frontier), 'presents')
      const fresh = facts.filter(({ fact, activity }) => !found.has(fact) && wrappingNames(activity).length > 0)
      for (const one of fresh) found.set(one.fact, one)
      frontier = fresh.filter(({ activity }) => isRewrap(activity)).flatMap(({ activity }) => namesIn(activity))
    }
    return [...found.values()]
  }

  async write(facts: readonly Unwrapping[]): Promise<void> {
    const opening = new Map(facts.filter(({ activity }) => activity.kind === 'response-unwrapped').map((one) => [one.fact, one]))
    const makers = await this.makersOf([...opening.values()].map(({ activity }) => activity))
    const rows = unwrappedRows([...opening.values()], { makers, edges: this.edges })
    await this.rememberNames(facts.flatMap(({ activity }) => namesIn(activity)))
    if (opening.size > 0) await this.client.query('DELETE FROM access_unwrapped WHERE fact = ANY($1::uuid[])', [[...opening.keys()]])
    if (rows.length > 0) await insertRows(this.client, rows)
  } // prettier-ignore

  /** Who had the wrappings made that these open, and those from which their content came. */
  private async makersOf(opening: readonly Activity[]): Promise<Activity[]> {
    const found = new Map<Uuid, Activity>()
    let frontier = opening.flatMap((activity) => openedBy(activity).map(uuidOf))
    for (let step = 0; step <= REWRAPS_MAX && frontier.length > 0; step++) {
      const facts = await this.carrying(await this.namesOf(frontier), 'establishes')
      const fresh = facts.filter(({ fact, activity }) => !found.has(fact) && wrappingIn(activity) !== undefined)
      for (const { fact, activity } of fresh) found.set(fact, activity)
      frontier = fresh.filter(({ activity }) => isRewrap(activity)).flatMap(({ activity }) => openedBy(activity).map(uuidOf))
    }
    return [...found.values()]
  } // prettier-ignore

  private async carrying(keys: readonly Uuid[], verb: 'presents' | 'establishes'): Promise<Unwrapping[]> {
    const { rows } = await this.client.query<{ fact: string; body: string }>({
      name: 'access-wrapping-facts',
      text: `SELECT f.fact, convert_from(f.body, 'UTF8') AS body FROM access_fact f
        WHERE f.fact IN (SELECT k.fact FROM access_key k WHERE k.key = ANY($1::uuid[]) AND k.verb = $2::smallint)
          AND ($2::smallint <> $3::smallint OR f.kind IN ('response-unwrapped', 'operation'))`,
      values: [keys, verbNumber(verb), verbNumber('presents')],
    })
    return rows.map(({ fact, body }) => ({ fact: undashed(fact), activity: JSON.parse(body) as Activity }))
  }

  /** All names of the things that these name. */
  private async namesOf(keys: readonly Uuid[]): Promise<Uuid[]> {
    let frontier = [...new Set(keys)].filter((key) => !this.named.has(key))
    // To the end, each once: where a bound would stop depends on which name was met first.
    while (frontier.length > 0) {
      for (const key of frontier) this.named.add(key)
      const { rows } = await this.client.query<{ key: string; name: Key; name_key: string; first_position: string }>({
        name: 'access-wrapping-names',
        text: 'SELECT key, name, name_key, first_position FROM access_name WHERE key = ANY($1::uuid[])',
        values: [frontier],
      })
      const shown = rows.map(({ key, name, name_key, first_position }) => ({ key: undashed(key), name, nameKey: undashed(name_key), position: Number(first_position) }))
      for (const one of shown) this.add(one)
      frontier = [...new Set(shown.map(({ nameKey }) => nameKey))].filter((key) => !this.named.has(key))
    }
    return reachedFrom(keys, this.beside)
  } // prettier-ignore

  private add({ key, name, nameKey, position }: { key: Uuid; name: Key; nameKey: Uuid; position: number }): void {
    this.texts.set(nameKey, name)
    this.beside.set(key, (this.beside.get(key) ?? new Set()).add(nameKey))
    this.shown.set([key, nameKey].sort().join(), { key, nameKey, position })
  }

  /** Each of two names is told beside the other's key. */
  private get edges(): Edge[] {
    return [...this.shown.values()].flatMap(({ key, nameKey, position }) => {
      const [a, b] = [this.texts.get(key), this.texts.get(nameKey)]
      return a === undefined || b === undefined ? [] : [{ a, b, position }]
    })
  }

  /** With all other names of theirs: whatever is equated with one of those joins them too. */
  private async rememberNames(keys: readonly Uuid[]): Promise<void> {
    const names = [...new Set([...(await this.namesOf([...new Set(keys)])), ...this.named])]
    if (names.length > 0) await this.client.query(REMEMBER, [names])
  }
}

/** With all that stands beside them, and beside that. */
function reachedFrom(keys: readonly Uuid[], beside: ReadonlyMap<Uuid, ReadonlySet<Uuid>>): Uuid[] {
  const reached = new Set(keys)
  for (const key of reached) for (const other of beside.get(key) ?? []) reached.add(other)
  return [...reached]
}

async function insertRows(client: pg.ClientBase, rows: readonly UnwrappedRow[]): Promise<void> {
  await client.query(
    `INSERT INTO access_unwrapped (fact, slot, credential, named_credential, container_name, occurred_us, first_position, until_position)
     SELECT * FROM json_to_recordset($1::json) AS row (fact uuid, slot uuid, credential uuid, named uuid, "containerName" text, "atUs" bigint,
       "firstPosition" bigint, "untilPosition" bigint)`,
    [JSON.stringify(rows)],
  )
}
