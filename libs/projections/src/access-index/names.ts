import type { Key } from '@catena/domain'
import { uuidOf, type Uuid } from './identity.js'
import type { Named, Shown } from './lookups.js'

/** Rounds of following names of names; the first mostly finds all. */
const ROUNDS_MAX = 8

/**
 * Per key all names of its thing, itself among them, in order: what records show together, directly or through others. `ask`: names shown with these
 * keys, and with the names so found.
 */
export async function namesOf(
  keys: readonly Key[],
  ask: (keys: readonly Named[]) => Promise<readonly Shown[]>,
): Promise<Map<Key, readonly Key[]>> {
  const names = new Names(keys)
  let frontier = names.unfollowed()
  for (let round = 0; round < ROUNDS_MAX && frontier.length > 0; round++) {
    names.add(await ask(frontier))
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
  unfollowed(): Named[] {
    const found = [...this.texts].filter(([uuid]) => !this.followed.has(uuid))
    for (const [uuid] of found) this.followed.add(uuid)
    return found.map(([uuid, name]) => ({ uuid, name }))
  }

  add(rows: readonly Shown[]): void {
    for (const row of rows) {
      this.followed.add(row.key)
      this.texts.set(row.nameKey, row.name)
      this.connect(row.key, row.nameKey)
      this.connect(row.nameKey, row.key)
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
