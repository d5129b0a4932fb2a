import { formatInstant, type Key } from '@catena/domain'
import type { AccessRow } from '../ports/access-summary.js'

/** An access at one cut, with whoever answers for its credential then. */
export interface Seen {
  readonly row: AccessRow
  readonly owner: Key | undefined
}

export interface Changes {
  /** Of privilege, owner, grant or environment: what was decided may not hold any more. */
  readonly material: readonly string[]
  readonly cosmetic: readonly string[]
}

/** What became different between two cuts, in words. */
export function changesBetween(before: Seen, now: Seen): Changes {
  return {
    material: [
      ...changed('privileged', yesNo(before.row.privileged), yesNo(now.row.privileged)),
      ...changed('environment', before.row.environment, now.row.environment),
      ...changed('owner', before.owner, now.owner),
      ...changed('grant', grantText(before.row), grantText(now.row)),
    ],
    cosmetic: [
      ...changed('version', before.row.version, now.row.version),
      ...changed('path', before.row.credential.path, now.row.credential.path),
      ...changed('verdict', before.row.verdict, now.row.verdict),
      ...changed('purpose', before.row.purpose, now.row.purpose),
      ...changed('copies', copiesText(before.row), copiesText(now.row)),
      ...changed('exceptions', exceptionsText(before.row), exceptionsText(now.row)),
    ],
  }
}

/** What late records tell of. */
export type LateAspect = 'chain' | 'uses' | 'last use' | 'started by' | 'approved by'

/** What became known late of the time before the freeze: both rows speak of that time, each as known at its cut. */
export function lateAspects(before: AccessRow, now: AccessRow): { readonly about: LateAspect; readonly why: string }[] {
  const late = (about: LateAspect, was: string | number | undefined, is: string | number | undefined) =>
    changed(about, was, is).map((change) => ({ about, why: `late record: ${change}` }))
  return [
    ...late('chain', before.chain, now.chain),
    ...late('uses', before.uses, now.uses),
    ...late('last use', timeOf(before), timeOf(now)),
    ...late('started by', before.initiators.join(', '), now.initiators.join(', ')),
    ...late('approved by', before.approvers.join(', '), now.approvers.join(', ')),
  ]
}

export function lateBetween(before: AccessRow, now: AccessRow): string[] {
  return lateAspects(before, now).map(({ why }) => why)
}

/** The credential is gone, by an event of the ledger that came after the cut before. */
export function goneSince({ ended: before }: AccessRow, { ended }: AccessRow): AccessRow['ended'] {
  if (ended === undefined || !['deleted', 'destroyed'].includes(ended.how)) return undefined
  return before?.at === ended.at && before.how === ended.how ? undefined : ended
}

function changed(what: string, before: string | number | undefined, now: string | number | undefined): string[] {
  return before === now ? [] : [`${what} ${before ?? 'not recorded'} → ${now ?? 'not recorded'}`]
}

function timeOf({ lastUsedAt }: AccessRow): string | undefined {
  return lastUsedAt === undefined ? undefined : formatInstant(lastUsedAt)
}

function yesNo(value: boolean | undefined): string | undefined {
  return value === undefined ? undefined : value ? 'yes' : 'no'
}

function copiesText({ copiedTo }: AccessRow): string | undefined {
  return copiedTo?.map(({ kind, place }) => `${kind} ${place}`).join(', ')
}

function exceptionsText({ exceptions }: AccessRow): string | undefined {
  return exceptions?.map(({ id, until }) => `${id} until ${formatInstant(until)}`).join(', ')
}

function grantText({ grant }: AccessRow): string {
  return grant === undefined
    ? 'none'
    : `${grant.id} ${grant.scope.join(', ')} until ${grant.until === undefined ? 'open' : formatInstant(grant.until)}`
}
