import { namespaceOf, type Instant } from '@catena/domain'
import {
  readPrivilegeRules,
  readSharing,
  readStewardships,
  sharingRecordOf,
  UNSTEWARDED,
  type PrivilegeRules,
  type SharingException,
  type SharingGrant,
  type Stewardship,
} from '@catena/governance'
import type { SummaryCut } from '@catena/recertification'
import type pg from 'pg'
import { NOT_JUDGED, type VerdictAt, type VerdictsOf } from './verdicts.js'

/** What was decided and judged of one credential by a cut. */
export interface Surroundings {
  readonly grants: readonly SharingGrant[]
  readonly exceptions: readonly SharingException[]
  readonly stewardship: Stewardship
  /** What makes a credential privileged. */
  readonly privileges: PrivilegeRules
  readonly verdict: VerdictAt
}

export async function readSurroundings(
  reads: pg.Pool | pg.ClientBase,
  verdictsOf: VerdictsOf,
  cut: SummaryCut,
  ids: readonly string[],
): Promise<(id: string) => Surroundings> {
  const sharing = await readSharing(reads, ids, cut)
  const stewardships = await readStewardships(reads, cut.position, ids)
  const verdicts = await verdictsOf(ids)
  const privileges = await readPrivilegeRules(reads, cut.position)
  return (id) => {
    const { grants, exceptions } = sharingRecordOf(sharing.get(id) ?? [], [])
    return {
      grants: grants.filter(({ to, toRole }) => !toRole && namespaceOf(to) !== 'group'),
      exceptions,
      stewardship: stewardships.get(id) ?? UNSTEWARDED,
      privileges,
      verdict: verdicts.get(id) ?? NOT_JUDGED,
    }
  }
} // prettier-ignore

/** When a grant ends or ended; undefined: no end was set. */
export function endOf({ until, endedAt }: SharingGrant): Instant | undefined {
  const ends = [until, endedAt].filter((end) => end !== undefined)
  return ends.length === 0 ? undefined : Math.min(...ends)
}

/** Those in force; where none is, the one that ended last: the right by which the access was once had. */
export function standingGrants(grants: readonly SharingGrant[], at: Instant): readonly SharingGrant[] {
  const begun = grants.filter(({ from }) => from <= at)
  const running = begun.filter((grant) => (endOf(grant) ?? Infinity) > at)
  if (running.length > 0) return running.toSorted(byId)
  const last = begun.toSorted((a, b) => (endOf(b) ?? 0) - (endOf(a) ?? 0) || byId(a, b))
  return last.slice(0, 1)
}

function byId(a: SharingGrant, b: SharingGrant): number {
  return a.id < b.id ? -1 : 1
}
