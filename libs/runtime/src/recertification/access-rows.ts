import { isSecretRead, namespaceOf, type Instant } from '@catena/domain'
import { privilegeOf, type AccessSummary as Summed, type SharingGrant } from '@catena/governance'
import type { AccessRow, Accessor, GrantOnRecord } from '@catena/recertification'
import { fromWhere, onRecordOf, type OnRecord } from './on-record.js'
import type { Slot } from './slots.js'
import { endOf, standingGrants, type Surroundings } from './surroundings.js'

/** What all accesses to one credential have in common. */
interface Common {
  readonly credential: AccessRow['credential']
  readonly verdict: Surroundings['verdict']
  readonly privileged: Privilege
  readonly onRecord: OnRecord
}

/** Accesses to one credential: who obtained it, by which grant on record; then who was granted it and never did. By accessor, then by grant. */
export function accessRowsOf(slot: Slot, summaries: readonly Summed[], around: Surroundings, at: Instant): AccessRow[] {
  const { id, system, container, containerName, path } = slot
  const credential = { id, system, container: containerName ?? container ?? '', path }
  const common = {
    credential,
    verdict: around.verdict,
    privileged: privilegeIn(slot, around),
    onRecord: onRecordOf(around, at),
  }
  const used = summaries.flatMap((summed) => usedRows(summed, around.grants, common, at))
  return [...used, ...unusedGrants(summaries, around.grants, at).map((grant) => unusedRow(grant, common))]
}

function usedRows(summed: Summed, grants: readonly SharingGrant[], common: Common, at: Instant): AccessRow[] {
  const row = usedRow(summed, common, at)
  if (grants.length === 0 || summed.accessor.kind === 'ambiguous') return [row]
  const own = grants.filter(({ to }) => summed.accessor.keys.includes(to))
  const standing = standingGrants(own, at)
  return standing.length === 0 ? [row] : standing.map((grant) => ({ ...row, grant: onRecord(grant) }))
}

function usedRow(summed: Summed, { credential, verdict, privileged, onRecord: about }: Common, at: Instant): AccessRow {
  return {
    credential,
    accessor: accessorOf(summed.accessor),
    grant: undefined,
    firstUsedAt: summed.firstAt,
    lastUsedAt: summed.lastAt,
    uses: summed.succeeded,
    refused: summed.denied + summed.other,
    chain: summed.worst === undefined ? 'missing' : weaker(summed.worst.path, summed.worst.actor),
    weakest: summed.weakest ?? 'nothing was obtained',
    initiators: summed.initiators,
    approvers: summed.approvers,
    version: summed.newest.version,
    privileged: privileged(summed.policies),
    environment: summed.environments[0],
    verdict: verdict.verdict,
    failedControls: verdict.failed,
    ...about,
    ...fromWhere(summed),
    open: openOf(summed),
    ended: endedBy(summed, at),
    lastEnd: lastEndBy(summed, at),
    evidence: summed.newest.positions,
  }
}

/** What perhaps ended is open, but for what was read from a slot and replaced since: with the newest all that was read before ended. */
function openOf({ open, perhapsEnded, kinds, newest: { end } }: Summed): number {
  const isReplaced = end.at !== undefined && end.state !== 'ambiguous' && kinds.every(isSecretRead)
  return isReplaced ? open : open + perhapsEnded
}

/** The end of the newest says nothing of an older lease that is still open. */
function endedBy(summed: Summed, at: Instant): AccessRow['ended'] {
  const { end } = summed.newest
  if (openOf(summed) > 0 || end.at === undefined || end.how === undefined || end.at > at) return undefined
  return { at: end.at, how: end.how, positions: end.positions ?? [] }
}

function lastEndBy({ lastEnd }: Summed, until: Instant): AccessRow['lastEnd'] {
  if (lastEnd === undefined || lastEnd.at > until) return undefined
  const { obtainedAt, at, how, positions } = lastEnd
  return { obtainedAt, at, how: how ?? 'ended', positions }
}

function unusedGrants(summaries: readonly Summed[], grants: readonly SharingGrant[], at: Instant): SharingGrant[] {
  if (grants.length === 0) return []
  const seen = new Set(summaries.flatMap(({ accessor }) => (accessor.kind === 'ambiguous' ? [] : accessor.keys)))
  const running = grants.filter((grant) => grant.from <= at && (endOf(grant) ?? Infinity) > at)
  return running.filter(({ to }) => !seen.has(to)).sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** A right that nobody was seen to use is an access all the same. */
function unusedRow(grant: SharingGrant, { credential, verdict, privileged, onRecord: about }: Common): AccessRow {
  const kind = namespaceOf(grant.to) === 'person' ? 'person' : 'workload'
  return {
    credential,
    accessor: { kind, key: grant.to, name: grant.to, aliases: [] },
    grant: onRecord(grant),
    firstUsedAt: undefined,
    lastUsedAt: undefined,
    uses: 0,
    refused: 0,
    chain: 'missing',
    weakest: 'nothing was obtained',
    initiators: [],
    approvers: [],
    version: undefined,
    privileged: privileged([]),
    environment: undefined,
    verdict: verdict.verdict,
    failedControls: verdict.failed,
    ...about,
    open: 0,
    ended: undefined,
    lastEnd: undefined,
    evidence: grant.positions,
  }
}

/** True, or undefined: that no rule makes it privileged does not say that it is not. */
type Privilege = (policies: readonly string[]) => true | undefined

/** Asked once for each set of policies. */
function privilegeIn({ system, containerName, path }: Slot, { stewardship, privileges }: Surroundings): Privilege {
  const slot = { system, container: containerName, path }
  const reaches = stewardship.declared.reaches ?? []
  const known = new Map<string, true | undefined>()
  return (policies) => {
    const text = policies.join('\n')
    if (known.has(text)) return known.get(text)
    const found = privilegeOf(privileges, { slot, policies, reaches }) === undefined ? undefined : true
    known.set(text, found)
    return found
  }
}

function onRecord(grant: SharingGrant): GrantOnRecord {
  const { id, to, requestedBy, approvedBy, scope } = grant
  return {
    id,
    scope: scope === undefined ? [] : [scope],
    until: endOf(grant),
    requester: requestedBy,
    beneficiary: to,
    approvers: approvedBy === undefined ? [] : [approvedBy],
  }
}

const STRENGTH = ['missing', 'ambiguous', 'inferred', 'proven'] as const
type State = (typeof STRENGTH)[number]

function weaker(a: State, b: State): State {
  return STRENGTH.indexOf(a) <= STRENGTH.indexOf(b) ? a : b
}

export function accessorOf({ kind, name, keys, reason }: Summed['accessor']): Accessor {
  const [key] = keys
  if (kind === 'shared') return { kind, name }
  if (kind === 'ambiguous') return { kind, candidates: keys.map((each) => ({ key: each, name: each, aliases: [] })) }
  if (kind === 'unknown' || key === undefined) return { kind: 'unknown', reason: `${name}: ${reason ?? 'not recorded'}` }
  return { kind: kind === 'person' ? 'person' : 'workload', key, name, aliases: keys.slice(1) }
} // prettier-ignore
