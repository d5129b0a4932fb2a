import type { Instant } from '@catena/domain'
import { endingAmong, type LiveChange } from '../history/live-changes.js'
import { defined } from '../history/retrieval.js'
import type { BreakGlass, SharingRecord } from '../history/sharing-record.js'
import { NO_SHARING } from '../history/sharing-record.js'
import type { Activation } from './break-glass.js'
import type { Grant } from './grant.js'
import type { SharingEntry, SharingKind } from './registry.js'

type Entry<Kind extends SharingKind> = Extract<SharingEntry, { readonly kind: Kind }>

/** What controls ask of the sharing of one credential. Rotations are what records showed, never what somebody said. */
export function sharingRecordOf(entries: readonly SharingEntry[], rotations: readonly LiveChange[]): SharingRecord {
  return entries.reduce<SharingRecord>((record, entry) => withEntry(record, entry, rotations), NO_SHARING)
}

function withEntry(record: SharingRecord, entry: SharingEntry, rotations: readonly LiveChange[]): SharingRecord {
  switch (entry.kind) {
    case 'grant':
      return { ...record, grants: [...record.grants, ...grantsOf(entry)] }
    case 'break-glass':
      return { ...record, breakGlass: [...record.breakGlass, ...activationsOf(entry, rotations)] }
    case 'incident':
      return { ...record, incidents: [...record.incidents, ...incidentsOf(entry)] }
    case 'migration':
      return { ...record, migrations: [...record.migrations, ...migrationsOf(entry)] }
    case 'exception':
      return { ...record, exceptions: [...record.exceptions, ...exceptionsOf(entry)] }
    case 'signing-release':
      return { ...record, releases: [...record.releases, ...releasesOf(entry)] }
    case 'job-token':
      return { ...record, jobs: [...record.jobs, ...jobsOf(entry)] }
    case 'exposure':
      return { ...record, exposures: [...record.exposures, ...exposuresOf(entry)] }
    case 'sharing-workflow':
      return { ...record, workflows: [...record.workflows, ...workflowsOf(entry)] }
    case 'alert':
      return { ...record, alerts: [...record.alerts, ...alertsOf(entry)] }
  }
}

function grantsOf({ id, state, positions }: Entry<'grant'>): SharingRecord['grants'] {
  if (state.status !== 'granted' && state.status !== 'revoked') return []
  const { request, approval } = state
  return [
    {
      id,
      positions,
      to: request.to,
      toRole: request.toRole,
      requestedBy: request.requestedBy,
      approvedBy: approval.by,
      approvedByBot: approval.byBot,
      // A decision counts from when it was made, however early its window begins.
      from: Math.max(approval.from, state.approvedAt),
      ...(approval.until === undefined ? {} : { until: approval.until }),
      ...endOf(state),
      ...(approval.scope === undefined ? {} : { scope: approval.scope }),
    },
  ]
}

function endOf(state: Extract<Grant, { status: 'granted' | 'revoked' }>): { endedAt?: Instant } {
  return state.status === 'revoked' ? { endedAt: state.endedAt } : {}
}

function activationsOf({ state, positions }: Entry<'break-glass'>, rotations: readonly LiveChange[]): BreakGlass[] {
  return state.activations.map((each) => ({
    id: each.activation,
    positions,
    activatedAt: each.at,
    by: each.by,
    ...(each.plannedAt === undefined || each.outsidePlan ? {} : { plannedAt: each.plannedAt }),
    closeDueAt: each.closeDueAt,
    reviewDueAt: each.reviewDueAt,
    ...(each.closedAt === undefined ? {} : { closedAt: each.closedAt }),
    ...rotationAfter(each, rotations),
    ...(each.reviewedAt === undefined ? {} : { reviewedAt: each.reviewedAt }),
  }))
}

function rotationAfter(
  { closedAt }: Activation,
  rotations: readonly LiveChange[],
): Pick<BreakGlass, 'rotatedAt' | 'perhapsRotatedAt'> {
  if (closedAt === undefined) return {}
  const { sure, perhaps } = endingAmong(rotations.filter(({ change }) => change.at >= closedAt))
  return { ...defined('rotatedAt', sure?.at), ...defined('perhapsRotatedAt', perhaps?.at) }
}

function incidentsOf({ id, state, positions }: Entry<'incident'>): SharingRecord['incidents'] {
  if (state.token === undefined || state.issuedAt === undefined) return []
  const { issuedAt, containedAt } = state
  const responders = state.token.responders.map(({ key }) => key)
  return [{ id, positions, responders, issuedAt, ...(containedAt === undefined ? {} : { containedAt }) }]
}

function migrationsOf({ id, state, positions }: Entry<'migration'>): SharingRecord['migrations'] {
  if (state.window === undefined) return []
  const { window, cutoverAt } = state
  return [{ id, positions, until: window.until, ...(cutoverAt === undefined ? {} : { cutoverAt }) }]
}

/** Only while it is approved, and from its approval on. */
function exceptionsOf({ id, state, positions }: Entry<'exception'>): SharingRecord['exceptions'] {
  const { terms, approvedAt, revokedAt, heard } = state
  if (terms === undefined || approvedAt === undefined) return []
  const { kind, controls, blastRadius, from, until, compensations } = terms
  return [
    {
      id,
      positions,
      kind,
      controls,
      blastRadius,
      from: Math.max(from, approvedAt),
      until: Math.min(until, revokedAt ?? until),
      compensations: compensations.map(({ name, heartbeatMs }) => {
        const lastHeardAt = heard[name]
        return { id, positions, name, heartbeatMs, ...(lastHeardAt === undefined ? {} : { lastHeardAt }) }
      }),
    },
  ]
}

function releasesOf({ id, state, positions }: Entry<'signing-release'>): SharingRecord['releases'] {
  if (state.window === undefined) return []
  const { window, approvedBy } = state
  const { from, until } = window
  return [{ id, positions, from, until, ...(approvedBy === undefined ? {} : { approvedBy }) }]
}

function jobsOf({ id, state, positions }: Entry<'job-token'>): SharingRecord['jobs'] {
  if (state.tied === undefined) return []
  const { tied, disabledAt } = state
  return [{ id, positions, job: tied.job, ...(disabledAt === undefined ? {} : { disabledAt }) }]
}

function exposuresOf({ id, state, positions }: Entry<'exposure'>): SharingRecord['exposures'] {
  if (state.status !== 'reported' || state.report === undefined) return []
  const { exposedAt, how, words } = state.report
  return [{ id, positions, at: exposedAt, how, words }]
}

function workflowsOf({ id, state, positions }: Entry<'sharing-workflow'>): SharingRecord['workflows'] {
  if (state.status !== 'declared' || state.parts === undefined) return []
  return [{ id, positions, ...state.parts }]
}

function alertsOf({ id, state, positions }: Entry<'alert'>): SharingRecord['alerts'] {
  if (state.alert === undefined) return []
  const { alert, lastHeardAt } = state
  const { name, heartbeatMs } = alert
  return [{ id, positions, name, heartbeatMs, ...(lastHeardAt === undefined ? {} : { lastHeardAt }) }]
}
