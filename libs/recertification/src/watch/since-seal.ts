import type { Contradiction } from '../item/events.js'
import type { FrozenItem } from '../population/frozen-item.js'
import { accessorName } from '../population/identity.js'
import { partiesOf } from '../population/parties.js'
import type { AccessRow } from '../ports/access-summary.js'
import type { Identity } from '../ports/people.js'
import { conflictsOf, decidedBy } from '../reviewers/independence.js'
import { lateAspects } from './changes.js'
import { isSameAccess } from './compare.js'

/** What a decision rested on, and what is known of the same time now. Both rows speak of the time of the freeze. */
export interface Rested {
  readonly before: AccessRow | undefined
  readonly now: AccessRow | undefined
  /** All accesses to the credential as they are known now. */
  readonly others: readonly AccessRow[]
  /** Who voted, as known now. */
  readonly voters: readonly Identity[]
}

/** Everything that speaks against a decision, as a function of what is known: when somebody looks, and how often, makes no difference. */
export function contradictionsOf(item: FrozenItem, { before, now, others, voters }: Rested): Contradiction[] {
  if (before === undefined) return []
  const known = now ?? others.find((row) => isSameAccess(item.access, row))
  const renamed: Contradiction[] = now === undefined ? [{ about: 'accessor', why: nameNow(known) }] : []
  return [...renamed, ...(known === undefined ? [] : [...lateAspects(before, known), ...partial(item, known, voters)])]
}

function nameNow(known: AccessRow | undefined): string {
  return known === undefined
    ? 'the access is not told of any more'
    : `its accessor is known by another name now: ${accessorName(known.accessor)}`
}

/** Who voted and is a party to the access as it is known now. That they were is not what was known when they voted: it would have been refused. */
function partial(item: FrozenItem, now: AccessRow, voters: readonly Identity[]): Contradiction[] {
  return conflictsOf(voters, partiesOf(now)).map((conflict) => ({ about: 'reviewer', why: decidedBy(conflict) }))
}
