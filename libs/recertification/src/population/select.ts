import { setImmediate as othersTurn } from 'node:timers/promises'
import type { Instant, Key } from '@catena/domain'
import type { Definition } from '../definition/definition.js'
import { parseScope } from '../definition/scope.js'
import { selects } from '../definition/selects.js'
import type { AccessRow, AccessSummary, SummaryCut } from '../ports/access-summary.js'
import { hasLeft, type Directory, type Owners } from '../ports/people.js'
import { assign, People } from '../reviewers/assign.js'
import { freezeItem, type FrozenItem } from './frozen-item.js'

/** Accesses whose owners are asked for at once. */
const CHUNK = 1_000
/** Accesses after which others get their turn: who asks meanwhile waits for milliseconds. */
const TURN = 100

export interface SelectionSources {
  readonly summary: AccessSummary
  readonly owners: Owners
  readonly directory: Directory
}

/** Of which accesses items are made, beside the scope. */
export interface Narrowed {
  /** Number of the item before the first. */
  readonly numberFrom: number
  /** Which of the items are to be made; all where it is left out. */
  readonly wanted?: (items: readonly FrozenItem[]) => Promise<ReadonlySet<string>>
}

/** A cut, and the time as of which the scope and the recommendations speak. */
export type SelectionCut = SummaryCut & { readonly at: Instant }

/** The items of a campaign, one after another: memory stays flat however many there are. The same definition, cut and time give the same items in the same order. */
export function selectItems(
  sources: SelectionSources,
  definition: Definition,
  campaign: string,
  cut: SelectionCut,
  narrowed?: Narrowed,
): AsyncGenerator<FrozenItem> {
  return itemsOf(sources, sources.summary.rows(cut), definition, campaign, cut, narrowed)
}

/** The same, of these accesses alone. */
export async function* itemsOf(
  { owners, directory }: SelectionSources,
  accesses: AsyncIterable<AccessRow> | Iterable<AccessRow>,
  definition: Definition,
  campaign: string,
  cut: SelectionCut,
  { numberFrom, wanted }: Narrowed = { numberFrom: 0 },
): AsyncGenerator<FrozenItem> {
  const scope = parseScope(definition.scope)
  const people = new People(directory, cut.position)
  const rules = definition.stages[0]?.reviewers ?? []
  let number = numberFrom
  for await (const rows of chunks(accesses)) {
    const ownerOf = await owners.ownersOf(credentialsOf(rows), cut.position)
    await people.meet([...ownerOf.values(), ...rows.flatMap(({ accessor }) => (accessor.kind === 'person' ? [accessor.key] : []))])
    const items: FrozenItem[] = []
    for (const row of rows) {
      const hasLeft = await left(row, people, cut.at)
      const selected = selects(scope, row, cut.at, hasLeft)
      if (selected === false) continue
      const assigned = await assign(rules, row, ownerOf.get(row.credential.id), people, cut.at)
      const ownerLeft = await isGone(assigned.owner, people, cut.at) ? { ownerLeft: true as const } : {}
      items.push(freezeItem({ campaign, at: cut.at }, 0, row, { ...assigned, ...ownerLeft, hasLeft, isUncertain: selected === undefined }))
      if (items.length % TURN === 0) await othersTurn()
    }
    const kept = await wanted?.(items)
    for (const item of items) if (kept === undefined || kept.has(item.id)) yield { ...item, number: ++number }
  }
} // prettier-ignore

function credentialsOf(rows: readonly AccessRow[]): AccessRow['credential'][] {
  return [...new Map(rows.map(({ credential }) => [credential.id, credential])).values()]
}

async function isGone(owner: Key | undefined, people: People, at: Instant): Promise<boolean> {
  const identity = owner === undefined ? undefined : await people.identity(owner)
  return identity !== undefined && hasLeft(identity, at)
}

/** Of a person whom the directory knows; of anybody else nobody can say. */
async function left({ accessor }: AccessRow, people: People, at: Instant): Promise<boolean | undefined> {
  if (accessor.kind !== 'person') return undefined
  const identity = await people.identity(accessor.key)
  return identity === undefined ? undefined : hasLeft(identity, at)
}

async function* chunks(rows: AsyncIterable<AccessRow> | Iterable<AccessRow>): AsyncGenerator<AccessRow[]> {
  let chunk: AccessRow[] = []
  for await (const row of rows) {
    chunk.push(row)
    if (chunk.length < CHUNK) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}
