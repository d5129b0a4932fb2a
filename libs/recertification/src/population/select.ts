import { setImmediate as othersTurn } from 'node:timers/promises'
import type { Instant } from '@catena/domain'
import type { Definition } from '../definition/definition.js'
import { parseScope } from '../definition/scope.js'
import { selects } from '../definition/selects.js'
import type { AccessRow, AccessSummary, SummaryCut } from '../ports/access-summary.js'
import type { Directory, Owners } from '../ports/people.js'
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

/**
 * The items of a campaign, one after another: memory stays flat however many there are. The same definition, cut and time give the same
 * items in the same order. `skip` leaves out subjects that a campaign has already.
 */
export async function* selectItems(
  { summary, owners, directory }: SelectionSources,
  definition: Definition,
  campaign: string,
  cut: SummaryCut & { readonly at: Instant },
  skip: { readonly numberFrom: number; readonly isKnown: (item: string) => boolean } = { numberFrom: 0, isKnown: () => false },
): AsyncGenerator<FrozenItem> {
  const scope = parseScope(definition.scope)
  const people = new People(directory, cut.position)
  const rules = definition.stages[0]?.reviewers ?? []
  let number = skip.numberFrom
  for await (const rows of chunks(summary.rows(cut))) {
    const ownerOf = await owners.ownersOf(credentialsOf(rows), cut.position)
    await people.meet([...ownerOf.values(), ...rows.flatMap(({ accessor }) => (accessor.kind === 'person' ? [accessor.key] : []))])
    for (const row of rows) {
      const hasLeft = await left(row, people, cut.at)
      const selected = selects(scope, row, cut.at, hasLeft)
      if (selected === false) continue
      const assigned = await assign(rules, row, ownerOf.get(row.credential.id), people, cut.at)
      const item = freezeItem({ campaign, at: cut.at }, number + 1, row, { ...assigned, hasLeft, isUncertain: selected === undefined })
      if (skip.isKnown(item.id)) continue
      number += 1
      if (number % TURN === 0) await othersTurn()
      yield item
    }
  }
} // prettier-ignore

function credentialsOf(rows: readonly AccessRow[]): AccessRow['credential'][] {
  return [...new Map(rows.map(({ credential }) => [credential.id, credential])).values()]
}

/** Of a person whom the directory knows; of anybody else nobody can say. */
async function left({ accessor }: AccessRow, people: People, at: Instant): Promise<boolean | undefined> {
  if (accessor.kind !== 'person') return undefined
  const identity = await people.identity(accessor.key)
  return identity === undefined ? undefined : identity.leftAt !== undefined && identity.leftAt <= at
}

async function* chunks(rows: AsyncIterable<AccessRow>): AsyncGenerator<AccessRow[]> {
  let chunk: AccessRow[] = []
  for await (const row of rows) {
    chunk.push(row)
    if (chunk.length < CHUNK) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}
