import type { Activity, ActivityKind, Instant, Outcome } from '@catena/domain'
import { isRetrieval } from './rows.js'
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

/** Is it of those that a list is asked for, by what of it a later record may change? Its credential, its source and its time are asked of the database. */
export function isListed(fact: Activity, filter: FactFilter): boolean {
  const { kinds, outcomes, container } = filter
  return (
    (filter.retrievalsOnly === false || isRetrieval(fact)) &&
    isWithinParts(fact.target?.containerName, idsOf(fact.target), filter.within) &&
    (filter.credential === undefined || fact.target !== undefined) &&
    (kinds === undefined || kinds.includes(fact.kind)) &&
    (outcomes === undefined || outcomes.includes(fact.outcome)) &&
    (container === undefined || spellings([container]).includes(fact.target?.containerName ?? ''))
  )
}
