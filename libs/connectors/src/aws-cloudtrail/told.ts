import type { Activity, ActivityKind, Attributes, SourceInstance, Target } from '@catena/domain'
import type { Groups } from './groups.js'
import type { CloudEvent } from './record.js'

/** What all readers get. Groups are collected on the way. */
export interface Context {
  readonly event: CloudEvent
  readonly name: string
  readonly kind: ActivityKind
  readonly groups: Groups
  readonly source: SourceInstance
}

/** What a reader finds out beyond what every event says. */
export interface Told extends Partial<Pick<Activity, 'kind'>> {
  readonly target?: Target | undefined
  readonly attributes?: Attributes
}
