import type { Key } from '@catena/domain'
import type pg from 'pg'
import { undashed, type Uuid } from './identity.js'
import { columnsOf, partsOf, type AskedLookup } from './lookup-columns.js'
import { lookupStatement } from './lookup-statement.js'

/** A key whose names are asked for. */
export interface Named {
  readonly uuid: Uuid
  readonly name: Key
}

/** Facts that a look-up finds, or names shown with keys. */
export type Question = AskedLookup | { readonly named: readonly Named[] }

/** One fact as its row holds it. */
export interface FactRow {
  readonly fact: string
  readonly body: string
  readonly last_position: string
}

/** A name shown with a key. */
export interface Shown {
  readonly key: Uuid
  readonly nameKey: Uuid
  readonly name: Key
}

/** Of a look-up the facts, of keys their names and the names of those. */
export interface Answer {
  readonly facts: readonly FactRow[]
  readonly names: readonly Shown[]
}

/** A fact's row, with the numbers of those who asked for it, or a name's, which has no position. */
interface Row {
  readonly id: string
  readonly other: string
  readonly text: string
  readonly last_position: string | null
}

/** Facts and names by one statement; one answer per question, in their order. */
export async function readTogether(
  pool: pg.Pool,
  position: number,
  questions: readonly Question[],
): Promise<readonly Answer[]> {
  const lookups = questions.filter((question) => 'lookup' in question)
  const asked = questions.flatMap((question) => ('named' in question ? question.named : []))
  const named = new Map(asked.map(({ uuid, name }) => [uuid, name]))
  const parts = partsOf(lookups, named.size > 0)
  const arrays = columnsOf(parts).map(({ item }) => arrayOf(lookups.map(item)))
  const values = [position, ...arrays, ...(named.size > 0 ? [arrayOf([...named.keys()])] : [])]
  const { rows } = await pool.query<Row>({ ...lookupStatement(parts), values })
  const facts = factsOf(rows)
  const shown = shownOf(rows, named)
  let number = 0
  return questions.map((question) =>
    'lookup' in question
      ? { facts: facts[number++] ?? NONE, names: NONE }
      : { facts: NONE, names: namesFrom(shown, question.named) },
  )
}

const NONE: readonly never[] = []

/** As PostgreSQL reads it; none of the items needs quotes that it does not have. */
function arrayOf(items: readonly (string | number | boolean)[]): string {
  return `{${items.join(',')}}`
}

/** Per look-up; nothing at the places of those that found nothing, which are most. */
function factsOf(rows: readonly Row[]): FactRow[][] {
  const found: FactRow[][] = []
  for (const { id, other, text, last_position } of rows) {
    if (last_position === null) continue
    const row = { fact: id, body: text, last_position }
    for (const number of other.split(',')) (found[Number(number) - 1] ??= []).push(row)
  }
  return found
}

/** By key, and where both were asked for, by whomever, by the name's key too: the one row tells only one of the names. */
function shownOf(rows: readonly Row[], named: ReadonlyMap<Uuid, Key>): Map<Uuid, Shown[]> {
  const shown = new Map<Uuid, Shown[]>()
  const add = (key: Uuid, row: Shown): void => {
    const known = shown.get(key)
    if (known === undefined) shown.set(key, [row])
    else known.push(row)
  }
  for (const { id, other, text, last_position } of rows) {
    if (last_position !== null) continue
    const row = { key: undashed(id), nameKey: undashed(other), name: text as Key }
    add(row.key, row)
    const name = named.get(row.key)
    if (name !== undefined && named.has(row.nameKey)) add(row.nameKey, { key: row.nameKey, nameKey: row.key, name })
  }
  return shown
}

/** Each row once, however many of the keys lead to it. */
function namesFrom(shown: ReadonlyMap<Uuid, readonly Shown[]>, named: readonly Named[]): Shown[] {
  const near = named.flatMap(({ uuid }) => shown.get(uuid) ?? [])
  const reached = new Set([...named.map(({ uuid }) => uuid), ...near.flatMap(({ key, nameKey }) => [key, nameKey])])
  return [...new Set([...reached].flatMap((key) => shown.get(key) ?? []))]
}
