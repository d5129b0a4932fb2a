import {
  isAnsweredWrapped,
  isRetrieval,
  type Activity,
  type ActivityKind,
  type Instant,
  type Outcome,
} from '@catena/domain'
import { idsOf, isWithinParts, spellings, type SlotPart } from './slot-parts.js'

export interface FactFilter {
  /** Id of a credential. */
  readonly credential?: string | undefined
  /** Id of a source instance: what it recorded, whoever else did. */
  readonly source?: string | undefined
  /** Name of the vault mount, safe or project, e.g. `secret/`; with a slash at its end or without. */
  readonly container?: string | undefined
  /** In these parts only, beside what else is asked. */
  readonly within?: readonly SlotPart[] | undefined
  readonly kinds?: readonly ActivityKind[] | undefined
  readonly outcomes?: readonly Outcome[] | undefined
  readonly from?: Instant | undefined
  readonly to?: Instant | undefined
  /** True (default): only what obtained a credential or tried to. */
  readonly retrievalsOnly?: boolean | undefined
}

/** Of an unwrapping the contents of wrappings tell which credential it was of, as it was known then: that was asked of the database. */
export function withoutPlace(fact: Activity, filter: FactFilter): FactFilter {
  const isUnwrapping = fact.kind === 'response-unwrapped' && fact.target === undefined
  return isUnwrapping && isOfPlaces(filter) ? { ...filter, container: undefined, within: undefined } : filter
}

/** Is it of some credentials only? */
export function isOfPlaces({ credential, container, within }: FactFilter): boolean {
  return credential !== undefined || container !== undefined || within !== undefined
}

/** What was answered wrapped is no retrieval, which only the answer tells: rows say what was asked for. */
export function isMeant(fact: Activity, { retrievalsOnly }: FactFilter): boolean {
  return retrievalsOnly === false || !isAnsweredWrapped(fact)
}

/** Is it of those that a list is asked for, by what of it a later record may change? Its credential, its source and its time are asked of the database. */
export function isListed(fact: Activity, filter: FactFilter): boolean {
  const { kinds, outcomes } = filter
  return (
    (filter.retrievalsOnly === false || isRetrieval(fact)) &&
    (kinds === undefined || kinds.includes(fact.kind)) &&
    (outcomes === undefined || outcomes.includes(fact.outcome)) &&
    isPlaced(fact, filter)
  )
}

function isPlaced(fact: Activity, { container, within }: FactFilter): boolean {
  return (
    isWithinParts(fact.target?.containerName, idsOf(fact.target), within) &&
    (container === undefined || spellings([container]).includes(fact.target?.containerName ?? ''))
  )
}
