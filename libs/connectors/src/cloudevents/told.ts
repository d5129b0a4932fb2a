import type { Activity, Attributes, JsonObject, SourceInstance, Target } from '@catena/domain'
import type { KeyGroups } from '../key-groups.js'

/** What all readers get. Groups are collected on the way. */
export interface Context {
  /** Without prefix and version: `session.started`. */
  readonly name: string
  readonly data: JsonObject
  readonly groups: KeyGroups
  readonly source: SourceInstance
  /** `cloudevents/<scope>`. */
  readonly system: string
  readonly outcome: Activity['outcome']
}

/** What a reader finds out beyond what every event says. */
export interface Told extends Partial<Pick<Activity, 'kind'>> {
  readonly target?: Target | undefined
  readonly attributes?: Attributes
}
