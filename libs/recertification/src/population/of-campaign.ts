import type { CampaignState } from '../campaign/state.js'
import type { OnlyAccesses } from '../campaign/events.js'
import type { AccessRow } from '../ports/access-summary.js'
import type { RecertificationDesk } from '../desk/desk.js'
import type { FrozenItem } from './frozen-item.js'
import { subjectOf } from './identity.js'
import { itemsOf, selectItems, type Narrowed, type SelectionCut } from './select.js'
import { carriedOver } from './store.js'

type Begun = Exclude<CampaignState, { readonly status: 'draft' }>

/** The items of a campaign at a cut: all that its scope selects, what the campaign before it left, or the accesses that something happened to. */
export async function itemsOfCampaign(
  desk: Pick<RecertificationDesk, 'pool' | 'summary' | 'owners' | 'directory'>,
  { id, definition, iterationOf, only }: Pick<Begun, 'id' | 'definition' | 'iterationOf' | 'only'>,
  cut: SelectionCut,
): Promise<AsyncGenerator<FrozenItem>> {
  if (only === undefined) return selectItems(desk, definition, id, cut, await narrowedTo(desk, iterationOf))
  const rows = await desk.summary.rowsOf([...new Set(only.accesses.map(({ credential }) => credential))], cut)
  return itemsOf(desk, wantedRows(rows, only.accesses), definition, id, cut)
}

/** Those named; where one is not told of any more, its accessor is known by another name, and all accesses to its credential are asked about. */
export function wantedRows(rows: readonly AccessRow[], accesses: OnlyAccesses['accesses']): AccessRow[] {
  const told = new Set(rows.map(subjectOf))
  const renamed = new Set(accesses.flatMap(({ credential, subject }) => (told.has(subject) ? [] : [credential])))
  const wanted = new Set(accesses.map(({ subject }) => subject))
  return rows.filter((row) => renamed.has(row.credential.id) || wanted.has(subjectOf(row)))
}

/** What an iteration is narrowed to: what the campaign before it left. */
async function narrowedTo(desk: Pick<RecertificationDesk, 'pool'>, iterationOf: string | undefined): Promise<Narrowed | undefined> {
  if (iterationOf === undefined) return undefined
  const subjects = await carriedOver(desk.pool, iterationOf)
  const wanted = (items: readonly FrozenItem[]): Promise<Set<string>> =>
    Promise.resolve(new Set(items.flatMap(({ id, subject }) => (subjects.has(subject) ? [id] : []))))
  return { numberFrom: 0, wanted }
} // prettier-ignore
