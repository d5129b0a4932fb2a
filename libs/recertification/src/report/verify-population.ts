import { isObject } from '@catena/domain'
import type pg from 'pg'
import type { Frozen } from '../campaign/facts.js'
import { AssignedHash } from '../population/assigned-hash.js'
import { evidenceHash, type FrozenItem } from '../population/frozen-item.js'
import { itemId } from '../population/identity.js'
import { PopulationHash } from '../population/population-hash.js'
import { assignmentsThere, countAssignments, storedItems, type StoredAssignment, type StoredItem } from '../population/store.js' // prettier-ignore

/** What is wrong with one population, as its tables have it: its items, what lists find them by, and who they are assigned to. */
export async function populationFaults(
  pool: pg.Pool,
  campaign: string,
  { population, hash, assigned: assignedHash, items }: Pick<Frozen, 'population' | 'hash' | 'assigned' | 'items'>,
): Promise<string[]> {
  const [count, beside, faults] = [new PopulationHash(), new AssignedHash(), [] as string[]]
  const rows = { all: 0, altered: 0, underAnotherId: 0, astray: 0 }
  const assignments = { frozen: 0, there: 0 }
  for await (const page of storedItems(pool, population)) {
    const assigned: unknown[] = []
    for (const row of page) {
      rows.all += 1
      const item = frozenIn(row.body)
      const fault = item === undefined ? 'cannot be read' : faultOf(campaign, item)
      if (fault !== undefined) faults.push(`item ${row.item} ${fault}`)
      if (fault !== undefined) rows.altered += 1
      if (item === undefined) continue
      count.add(item)
      beside.add(item)
      if (item.id !== row.item) rows.underAnotherId += 1
      if (isAstray(row, item)) rows.astray += 1
      assigned.push(...[...new Set(item.reviewers)].map((reviewer) => ({ reviewer, risk: item.risk, number: item.number, id: item.id })))
    }
    assignments.frozen += assigned.length
    assignments.there += await assignmentsThere(pool, population, assigned.filter(canBeThere))
  }
  const stray = (await countAssignments(pool, population)) - assignments.there
  const differing = assignments.frozen - assignments.there + Math.max(0, stray)
  // Where an item is altered or away, that says which; where they are in another order, so is what stands with them.
  const isWhole = rows.altered === 0 && rows.all === items
  const isOrdered = isWhole && count.digest() === hash
  return [
    ...faults,
    ...(rows.all === items ? [] : [`${items} items were frozen, ${rows.all} are there`]),
    ...(!isWhole || isOrdered ? [] : ['its population does not have the hash in the ledger']),
    ...(!isOrdered || assignedHash === undefined || beside.digest() === assignedHash ? [] : ['owners, reviewers, risks or classes of its items are not those that were frozen']),
    ...(rows.underAnotherId === 0 ? [] : [`${rows.underAnotherId} items stand under another id than they have`]),
    ...(rows.astray === 0 ? [] : [`${rows.astray} items stand in the table with another number, risk, class, subject or credential than they have`]),
    ...(differing === 0 ? [] : [`${differing} assignments differ from those that were frozen`]),
  ]
} // prettier-ignore

/** The item in a body that somebody may have written: of the shape that is looked at here; undefined: it is none. */
function frozenIn(body: string): FrozenItem | undefined {
  let item: unknown
  try {
    item = JSON.parse(body)
  } catch {
    return undefined
  }
  if (!isObject(item) || !isObject(item.access) || !isObject(item.access.credential)) return undefined
  const { id: credential } = item.access.credential
  if (typeof credential !== 'string' || !isObject(item.recommendation) || !Array.isArray(item.reviewers)) return undefined // prettier-ignore
  return item as unknown as FrozenItem
}

/** Its decisions are found by its id, which names its campaign and, as the hash of the population does, its access. */
function faultOf(campaign: string, item: FrozenItem): string | undefined {
  if (evidenceHash(item.access, item.recommendation) !== item.evidenceHash) return 'is not what was frozen'
  if (item.campaign === campaign && item.id === itemId(campaign, item.subject)) return undefined
  return 'has another id than its access has in this campaign'
}

/** Lists find and order items by columns; rows of earlier versions have the credential in the body alone. */
function isAstray(row: StoredItem, { number, subject, risk, evidenceClass, access }: FrozenItem): boolean {
  const isOfCredential = row.credential === null || row.credential === access.credential.id.replaceAll('-', '')
  return !isOfCredential || row.number !== number || row.subject !== subject || row.risk !== risk || row.evidenceClass !== evidenceClass // prettier-ignore
}

/** What the table could not hold is not asked of it. */
function canBeThere(assigned: unknown): assigned is StoredAssignment {
  const { reviewer, risk, number, id } = assigned as Partial<Record<keyof StoredAssignment, unknown>>
  return [reviewer, id].every(isText) && [risk, number].every(isInteger)
}

/** PostgreSQL stores no NUL. */
function isText(value: unknown): boolean {
  return typeof value === 'string' && !value.includes('\u0000')
}

function isInteger(value: unknown): boolean {
  return Number.isInteger(value) && Math.abs(value as number) < 2 ** 31
}
