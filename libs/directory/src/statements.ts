import type { Activity, Instant, Json } from '@catena/domain'

/** What one record says of one attribute, and when. */
export interface Statement<T = Json> {
  readonly value: T
  readonly at: Instant
  /** A change happened then; a snapshot tells of any time at which no change says otherwise. */
  readonly isChange: boolean
  readonly fact: Activity
}

/** Statements that facts make of an attribute, in order of time; at one moment a change comes before a list. */
export function statementsOf(facts: readonly Activity[], attribute: string): Statement[] {
  return facts
    .filter((fact) => fact.outcome === 'succeeded' && fact.attributes[attribute] !== undefined)
    .map((fact) => ({ value: fact.attributes[attribute] as Json, ...timeOf(fact), fact }))
    .sort(inOrder)
}

export function timeOf(fact: Activity): Pick<Statement, 'at' | 'isChange'> {
  const { snapshot, statedAt } = fact.attributes
  if (snapshot !== true) return { at: fact.occurredAt, isChange: true }
  return { at: typeof statedAt === 'number' ? statedAt : fact.occurredAt, isChange: false }
}

export function inOrder(a: Pick<Statement, 'at' | 'isChange' | 'fact'>, b: typeof a): number {
  return a.at - b.at || Number(b.isChange) - Number(a.isChange) || (a.fact.factId < b.fact.factId ? -1 : 1)
}

/** The latest before the moment; else the first later list, where no change comes before it: what it states may have changed. */
export function statedAt<T>(
  statements: readonly Statement<T>[],
  at: Instant,
): (Statement<T> & { readBack: boolean }) | undefined {
  const past = statements.findLast((statement) => statement.at <= at)
  if (past !== undefined) return { ...past, readBack: false }
  const [next] = statements
  return next === undefined || next.isChange ? undefined : { ...next, readBack: true }
}

export function textAt(facts: readonly Activity[], attribute: string, at: Instant): string | undefined {
  const value = statedAt(statementsOf(facts, attribute), at)?.value
  return typeof value === 'string' && value !== '' ? value : undefined
}
