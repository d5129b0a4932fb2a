import type { Activity, Attributes, JsonObject, SourceInstance, Target } from '@catena/domain'
import type { KeyGroups } from '../key-groups.js'

/** What all readers get. Groups are collected on the way. */
export interface Context {
  readonly event: string
  readonly payload: JsonObject
  readonly groups: KeyGroups
  readonly source: SourceInstance
  readonly outcome: Activity['outcome']
}

/** What a reader finds out beyond what every event says. */
export interface Told {
  readonly target?: Target | undefined
  readonly attributes?: Attributes
}
