import type { Activity, JsonObject, Target } from '@catena/domain'
import type { KeyGroups } from '../key-groups.js'

/** One record as its reader sees it. Groups are collected on the way. */
export interface Reading {
  readonly body: JsonObject
  readonly groups: KeyGroups
  /** `gitlab/<host>` */
  readonly system: string
}

/** What a reader tells of a record; identity, time and positions are common to all (interpret.ts). */
export interface Told extends Pick<Activity, 'kind'>, Partial<Pick<Activity, 'outcome' | 'attributes'>> {
  /** Names the fact where the record's own ids do; else the record stands for itself. */
  readonly fact?: string | undefined
  readonly target?: Target | undefined
}

export const UNREADABLE: Told = { kind: 'unclassified' }
