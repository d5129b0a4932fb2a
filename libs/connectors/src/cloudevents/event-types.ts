import type { ActivityKind } from '@catena/domain'

export type Concern = 'agent' | 'session' | 'call' | 'secret' | 'approval' | 'lifecycle' | 'exposure'

export interface EventType {
  readonly kind: ActivityKind
  readonly concern: Concern
}

/** Types of the profile without their prefix `catena.`; docs/sources/cloudevents/ has a schema for the data of each. */
const TYPES: Readonly<Record<string, EventType>> = {
  'agent.registered.v1': { kind: 'agent-observed', concern: 'agent' },
  'agent.retired.v1': { kind: 'agent-observed', concern: 'agent' },
  'session.started.v1': { kind: 'login', concern: 'session' },
  'session.ended.v1': { kind: 'logout', concern: 'session' },
  'tool.called.v1': { kind: 'tool-called', concern: 'call' },
  'secret.retrieved.v1': { kind: 'secret-read', concern: 'secret' },
  'secret.used.v1': { kind: 'key-used', concern: 'secret' },
  'secret.changed.v1': { kind: 'secret-written', concern: 'secret' },
  'approval.decided.v1': { kind: 'approval-observed', concern: 'approval' },
  'environment.created.v1': { kind: 'lifecycle-observed', concern: 'lifecycle' },
  'environment.removed.v1': { kind: 'lifecycle-observed', concern: 'lifecycle' },
  'pipeline.created.v1': { kind: 'lifecycle-observed', concern: 'lifecycle' },
  'pipeline.removed.v1': { kind: 'lifecycle-observed', concern: 'lifecycle' },
  'job.enabled.v1': { kind: 'lifecycle-observed', concern: 'lifecycle' },
  'job.disabled.v1': { kind: 'lifecycle-observed', concern: 'lifecycle' },
  'exposure.reported.v1': { kind: 'exposure-reported', concern: 'exposure' },
}

const PREFIX = 'catena.'

/** All types of the profile, as events write them. */
export const EVENT_TYPES: readonly string[] = Object.keys(TYPES).map((name) => PREFIX + name)

/** undefined: no type of this profile. */
export function eventTypeOf(type: unknown): EventType | undefined {
  if (typeof type !== 'string' || !type.startsWith(PREFIX)) return undefined
  const name = type.slice(PREFIX.length)
  return Object.hasOwn(TYPES, name) ? TYPES[name] : undefined
}
