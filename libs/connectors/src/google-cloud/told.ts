import type {
  Activity,
  ActivityKind,
  Attributes,
  JsonObject,
  SourceInstance,
  StoredRecord,
  Target,
} from '@catena/domain'
import type { KeyGroups } from '../key-groups.js'

/** What all readers get. Groups are collected on the way. */
export interface Context {
  readonly record: StoredRecord
  /** `protoPayload` */
  readonly payload: JsonObject
  readonly name: string
  readonly kind: ActivityKind
  readonly outcome: Activity['outcome']
  readonly groups: KeyGroups
  readonly source: SourceInstance
  /** `google-cloud/<scope>` */
  readonly system: string
}

/** What a reader finds out beyond what every call says. */
export interface Told {
  readonly target?: Target | undefined
  readonly attributes?: Attributes
}
