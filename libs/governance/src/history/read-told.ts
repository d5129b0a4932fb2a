import type { Instant } from '@catena/domain'
import type { AccessReader, CredentialEntry, KnownAsOf } from '@catena/projections'
import { readOwnershipVersions, readStewardships } from '../ownership/read-stewardship.js'
import type { OwnershipRules } from '../ownership/rules.js'
import type { Stewardship } from '../ownership/state.js'
import { readReviews } from '../sharing/read-reviews.js'
import { readSharing } from '../sharing/read-sharing.js'
import type { PrivilegeRules } from '../privilege/privilege-rules.js'
import { readPrivilegeRules } from '../privilege/read-privilege-rules.js'
import type { AccessReview } from './access-review.js'
import type { SlotChange, Teardown } from './credential-history.js'
import { changesOf, teardownsOf } from './read-slot-changes.js'

/** What is told of credentials beside their chains, by credential; of some there may be nothing. */
export interface Told {
  readonly stewardships: ReadonlyMap<string, Stewardship>
  /** All lists of rules up to then, the one in force last. */
  readonly rules: readonly OwnershipRules[]
  readonly privileges: PrivilegeRules
  readonly sharing: Awaited<ReturnType<typeof readSharing>>
  readonly reviews: ReadonlyMap<string, readonly AccessReview[]>
  readonly changes: ReadonlyMap<string, readonly SlotChange[]>
  readonly teardowns: ReadonlyMap<string, readonly Teardown[]>
}

type Named = readonly { readonly id: string; readonly entry: CredentialEntry | undefined }[]

/**
 * Needs no chain, so it can be read beside them; the number of questions does not grow with the credentials. `decided`: the last position whose
 * decisions about ownership count.
 */
export async function readTold(
  reader: AccessReader,
  asOf: KnownAsOf,
  named: Named,
  { at, decided }: { readonly at: Instant; readonly decided: number },
): Promise<Told> {
  const [index, ids] = [reader.index(asOf), named.map(({ id }) => id)]
  const [stewardships, rules, privileges, sharing, reviews, changes, teardowns] = await Promise.all([
    readStewardships(reader.pool, decided, ids),
    readOwnershipVersions(reader.pool, decided),
    readPrivilegeRules(reader.pool, decided),
    readSharing(reader.pool, ids, { position: asOf.position, validAt: at }),
    readReviews(reader.pool, ids, { position: asOf.position, validAt: at }),
    changesOf(index, named),
    teardownsOf(index, named),
  ])
  return { stewardships, rules, privileges, sharing, reviews, changes, teardowns }
}
