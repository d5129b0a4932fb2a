import type { Instant } from '@catena/domain'
import type { AccessRow, Accessor } from '../ports/access-summary.js'
import type { Scope, ScopeField } from './scope.js'

/** Undefined: nobody recorded what the scope asks for, so nobody can say. */
export type Selected = boolean | undefined

const DAY_MS = 86_400_000

/**
 * Does the scope select the access, at that time? Three-valued, after Kleene: where the answer is undefined the access belongs to the
 * population, for what is not known must not fall out of a review unseen.
 */
export function selects(scope: Scope, row: AccessRow, at: Instant, hasLeft?: boolean): Selected {
  switch (scope.kind) {
    case 'all':
      return true
    case 'not':
      return negate(selects(scope.part, row, at, hasLeft))
    case 'and':
      return both(scope.parts.map((part) => selects(part, row, at, hasLeft)))
    case 'or':
      return negate(both(scope.parts.map((part) => negate(selects(part, row, at, hasLeft)))))
    case 'in':
      return contains(valueOf(scope.field, row, at, hasLeft), scope.values)
    case 'compare':
      return compare(valueOf(scope.field, row, at, hasLeft), scope.operator, scope.value)
  }
}

function negate(value: Selected): Selected {
  return value === undefined ? undefined : !value
}

function both(values: readonly Selected[]): Selected {
  if (values.includes(false)) return false
  return values.includes(undefined) ? undefined : true
}

type Value = string | readonly string[] | number | undefined

function contains(value: Value, wanted: readonly string[]): Selected {
  if (value === undefined) return undefined
  return textsOf(value).some((text) => wanted.includes(text))
}

function compare(value: Value, operator: string, wanted: string | number): Selected {
  if (value === undefined) return undefined
  if (typeof value === 'number') return order(value, operator, Number(wanted))
  const texts = textsOf(value)
  if (operator === '~') return texts.some((text) => text.toLowerCase().includes(String(wanted).toLowerCase()))
  return texts.includes(String(wanted)) === (operator === '=')
}

function order(value: number, operator: string, wanted: number): boolean {
  switch (operator) {
    case '<':
      return value < wanted
    case '>':
      return value > wanted
    case '<=':
      return value <= wanted
    case '>=':
      return value >= wanted
    default:
      return (value === wanted) === (operator === '=')
  }
}

function textsOf(value: Exclude<Value, undefined>): readonly string[] {
  return typeof value === 'object' ? value : [String(value)]
}

function valueOf(field: ScopeField, row: AccessRow, at: Instant, hasLeft: boolean | undefined): Value {
  switch (field) {
    case 'credential':
      return row.credential.id
    case 'system':
    case 'container':
    case 'path':
      return row.credential[field]
    case 'accessor':
      return namesOf(row.accessor)
    case 'accessor_kind':
      return row.accessor.kind
    case 'grant':
      return row.grant === undefined ? 'none' : 'recorded'
    case 'grant_ends_in_days':
      return row.grant?.until === undefined ? undefined : (row.grant.until - at) / DAY_MS
    case 'unused_days':
      return row.lastUsedAt === undefined ? Infinity : (at - row.lastUsedAt) / DAY_MS
    case 'privileged':
      return yesNo(row.privileged)
    case 'left':
      return yesNo(hasLeft)
    default:
      return row[field]
  }
}

function yesNo(value: boolean | undefined): Value {
  return value === undefined ? undefined : value ? 'yes' : 'no'
}

/** Of somebody unknown any name may be right. */
function namesOf(accessor: Accessor): Value {
  switch (accessor.kind) {
    case 'person':
    case 'workload':
      return [accessor.key, accessor.name, ...accessor.aliases]
    case 'shared':
      return [accessor.name]
    case 'ambiguous':
      return accessor.candidates.flatMap(({ key, name, aliases }) => [key, name, ...aliases])
    case 'unknown':
      return undefined
  }
}
