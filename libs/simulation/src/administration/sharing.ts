import type { Administrator } from './administration.js'
import type { Place } from '../organisation/credentials.js'
import type { Noted } from '../records/journal.js'
import type { World } from '../world.js'
import { stamp } from '../engine/time.js'
import { MONITOR, SECURITY, SECURITY_TOO, type Named } from './administrators.js'
import { begin, give, type Begun } from './give.js'

export interface Access {
  readonly credentials: readonly Place[]
  readonly to: Named
  /** Whoever is in the group. */
  readonly toRole?: boolean
  /** Left out: no end. */
  readonly until?: number
  readonly reason: string
}

export function requestAccess(world: World, by: Administrator, access: Access): Begun {
  const { credentials, to, toRole = false, until, reason } = access
  const end = until === undefined ? {} : { until: stamp(until) }
  const request = { credentials, to: to.key, toName: to.name, toRole, reason, scope: reason, from: stamp(world.now), ...end } // prettier-ignore
  return begin(world, by, 'grant', { do: 'RequestAccess', request })
}

export function approveAccess(world: World, by: Administrator, { id }: Begun): Noted {
  return give(world, by, { do: 'ApproveAccess', id })
}

export function revokeGrant(world: World, { id }: Begun, reason: string): Noted {
  return give(world, SECURITY, { do: 'RevokeGrant', id, reason })
}

export interface Exception {
  readonly credentials: readonly Place[]
  readonly controls: readonly string[]
  readonly kind: 'no-granular-roles' | 'vendor-portal' | 'legacy-batch' | 'accepted-risk'
  readonly reason: string
  readonly until: number
  /** What compensates for it, and its longest normal silence, ms. */
  readonly compensation: string
  readonly heartbeatMs: number
}

/** Asked for by one of the security office, approved by the other, and its compensation heard at once. */
export function except(world: World, exception: Exception): Begun {
  const { until, compensation, heartbeatMs, reason, ...more } = exception
  const blastRadius = `what ${more.credentials.map(({ path }) => path).slice(0, 3).join(', ')} opens` // prettier-ignore
  const terms = { ...more, reason, blastRadius, from: stamp(world.now), until: stamp(until), compensations: [{ name: compensation, heartbeatMs }] } // prettier-ignore
  const begun = begin(world, SECURITY, 'exception', { do: 'RequestException', terms })
  give(world, SECURITY_TOO, { do: 'ApproveException', id: begun.id })
  hearCompensation(world, begun, compensation)
  return begun
}

export function hearCompensation(world: World, { id }: Pick<Begun, 'id'>, name: string): Noted {
  return give(world, MONITOR, { do: 'ReportCompensation', id, name })
}

export interface Workflow {
  readonly credentials: readonly Place[]
  readonly name: string
  readonly owner?: string
  readonly ownerName?: string
  readonly sharedWith?: string
  readonly approver?: string
  readonly approverName?: string
  readonly windowMs?: number
  readonly loggingDestination?: string
  readonly replacementPath?: string
  readonly escalation?: string
  readonly aiEnabled: boolean
  readonly confirmed?: boolean
}

export function declareWorkflow(world: World, parts: Workflow): Begun {
  return begin(world, SECURITY, 'workflow', { do: 'DeclareWorkflow', parts })
}

/** An anomaly alert, heard at once. */
export function watch(world: World, credentials: readonly Place[], name: string, heartbeatMs: number): Begun {
  const begun = begin(world, SECURITY, 'alert', { do: 'DeclareAlert', alert: { credentials, name, heartbeatMs } })
  hearAlert(world, begun)
  return begun
}

export function hearAlert(world: World, { id }: Pick<Begun, 'id'>): Noted {
  return give(world, MONITOR, { do: 'ReportAlert', id, test: false })
}

export type ExposureKind = 'leak' | 'scanner' | 'misuse' | 'insecure-sharing'

export function reportExposure(world: World, credential: Place, how: ExposureKind, words: string): Begun {
  const report = { credentials: [credential], how, exposedAt: stamp(world.now), words }
  return begin(world, SECURITY, 'exposure', { do: 'ReportExposure', report })
}
