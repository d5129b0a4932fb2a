import type { Activity, Attributes, JsonObject, SourceInstance, StoredRecord, Target } from '@catena/domain'
import type { KeyGroups } from '../key-groups.js'

/** Ids that Microsoft gives are never given twice, in whichever tenant or service they are seen. */
export const MICROSOFT = 'microsoft'

/** What all readers get. Groups are collected on the way. */
export interface Context {
  readonly record: StoredRecord
  readonly body: JsonObject
  readonly groups: KeyGroups
  readonly source: SourceInstance
  /** `entra/<tenant>` */
  readonly system: string
}

export interface Told extends Pick<Activity, 'kind' | 'outcome'> {
  readonly target?: Target | undefined
  readonly attributes?: Attributes
}
