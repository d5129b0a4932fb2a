import type { Trigger } from '../definition/definition.js'
import type { AccessRow, KnownAccess } from '../ports/access-summary.js'
import { hasLeft, type Identity } from '../ports/people.js'

/** What something happened to. */
export interface Found {
  readonly trigger: Trigger
  readonly credential: string
  /** Of one access; absent: of all accesses to the credential. */
  readonly subject?: string
}

/** Controls whose failure is a trigger of its own. */
const CONTROLS: Readonly<Record<string, Trigger>> = {
  'human-use-of-workload': 'human used a workload credential',
  'environments-apart': 'copied to another environment',
  'rotation-age': 'rotation overdue',
  'owner-accountable': 'owner left',
  'access-fit': 'role changed',
  'leaver-revoked': 'accessor left',
}

interface Told {
  readonly type: string
  readonly data: object
}

/** Of decisions and verdicts as the ledger has them. Anything else is none. */
export function triggersIn({ type, data }: Told, wanted: ReadonlySet<Trigger>): Found[] {
  const found: Found[] = []
  if (type === 'VerdictChanged' && 'credential' in data) {
    const credential = String(data.credential)
    for (const control of failedIn(data)) {
      const own = CONTROLS[control]
      if (own !== undefined) found.push({ trigger: own, credential })
      found.push({ trigger: 'control failed', credential })
    }
  }
  if (type === 'BreakGlassActivated' && 'credentials' in data && Array.isArray(data.credentials))
    for (const credential of data.credentials) found.push({ trigger: 'break-glass used', credential: String(credential) })
  if (type === 'SealedDecisionImpeached' && 'credential' in data && 'subject' in data)
    found.push({ trigger: 'decision contradicted', credential: String(data.credential), subject: String(data.subject) })
  return found.filter(({ trigger }) => wanted.has(trigger))
} // prettier-ignore

/** Controls that fail now. What older versions of Catena wrote tells of one control, beside the credential. */
function failedIn(data: object): string[] {
  const changes: unknown[] = 'changes' in data && Array.isArray(data.changes) ? data.changes : [data]
  return changes.flatMap((change) => {
    const { control, to } = change as { readonly control?: unknown; readonly to?: unknown }
    return to === 'uncontrolled' && typeof control === 'string' ? [control] : []
  })
}

/** Somebody at two cuts. */
export interface Somebody {
  readonly before: Identity | undefined
  readonly now: Identity | undefined
}

export interface Compared {
  readonly row: AccessRow
  readonly known: KnownAccess | undefined
  readonly owner: Somebody | undefined
  readonly accessor: Somebody | undefined
}

/** What became different about one access. */
export function triggersOf({ row, known, owner, accessor }: Compared, at: number): Trigger[] {
  const isPrivileged = row.privileged === true
  return [
    ...(known === undefined && row.lastUsedAt !== undefined ? (['new consumer'] as const) : []),
    ...(known !== undefined && isPrivileged && known.privileged !== true ? (['wider privilege'] as const) : []),
    ...(owner !== undefined && leftMeanwhile(owner, at) ? (['owner left'] as const) : []),
    ...(accessor !== undefined && leftMeanwhile(accessor, at) ? (['accessor left'] as const) : []),
    ...(accessor !== undefined && movedMeanwhile(accessor) ? (['role changed'] as const) : []),
  ]
}

function leftMeanwhile({ before, now }: Somebody, at: number): boolean {
  return now !== undefined && hasLeft(now, at) && !(before !== undefined && hasLeft(before, at))
}

/** Of somebody who was not known before nobody can say. */
function movedMeanwhile({ before, now }: Somebody): boolean {
  if (before === undefined || now === undefined || before.groups.length + now.groups.length === 0) return false
  const old = new Set(before.groups)
  return before.groups.length !== now.groups.length || now.groups.some((group) => !old.has(group))
}
