import type { Instant } from '@catena/domain'
import { isInForce, type AccessSummary as Summed } from '@catena/governance'
import type { AccessRow } from '@catena/recertification'
import type { Surroundings } from './surroundings.js'

/** What people said of a credential, the same for each access to it. What nobody said is left out. */
export type OnRecord = Pick<AccessRow, 'purpose' | 'exceptions' | 'copies' | 'copiedTo'>

export function onRecordOf({ stewardship, exceptions }: Pick<Surroundings, 'stewardship' | 'exceptions'>, at: Instant): OnRecord {
  const { declared, copies } = stewardship
  const inForce = exceptions.filter((exception) => isInForce(exception, at))
  return {
    copies: copies.length === 0 ? undefined : copies.length,
    ...(copies.length === 0 ? {} : { copiedTo: copies.map(({ kind, place, version }) => ({ kind, place, ...(version === undefined ? {} : { version }) })) }),
    ...(declared.purpose === undefined ? {} : { purpose: declared.purpose }),
    ...(inForce.length === 0 ? {} : { exceptions: inForce.map(exceptionOf) }),
  }
} // prettier-ignore

function exceptionOf({ id, kind, controls, until, blastRadius }: Surroundings['exceptions'][number]): NonNullable<OnRecord['exceptions']>[number] {
  return { id, kind, controls, until, ...(blastRadius === undefined ? {} : { blastRadius }) }
} // prettier-ignore

/** The newest attempt alone: the summary keeps no older address. */
export function fromWhere({ newest, sources }: Pick<Summed, 'newest' | 'sources'>): Pick<AccessRow, 'lastFrom' | 'recordedBy'> {
  return { ...(newest.address === undefined ? {} : { lastFrom: newest.address }), recordedBy: sources }
} // prettier-ignore
