import type { Activity } from '@catena/domain'
import type { FactFilter } from './retrievals.js'
import { isRetrieval } from './rows.js'
import { idsOf, isWithinParts } from './slot-parts.js'

/** Is it of those that a list is asked for, by what of it a later record may change? Its credential, its source and its time are asked of the database. */
export function isListed(fact: Activity, filter: FactFilter): boolean {
  const { kinds, outcomes, container } = filter
  return (
    (filter.retrievalsOnly === false || isRetrieval(fact)) &&
    isWithinParts(fact.target?.containerName, idsOf(fact.target), filter.within) &&
    (filter.credential === undefined || fact.target !== undefined) &&
    (kinds === undefined || kinds.includes(fact.kind)) &&
    (outcomes === undefined || outcomes.includes(fact.outcome)) &&
    (container === undefined || fact.target?.containerName === `${container.replace(/\/$/, '')}/`)
  )
}
