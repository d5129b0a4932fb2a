import {
  at,
  textAt,
  type Activity,
  type ActivityKind,
  type Json,
  type JsonObject,
  type Outcome,
  type Target,
} from '@catena/domain'
import type { Groups } from './groups.js'

/** One record as its interpreter reads it. Groups are collected on the way. */
export interface Reading {
  readonly body: JsonObject
  readonly action: string | undefined
  readonly groups: Groups
  /** `github/<host>` */
  readonly system: string
}

/** What an interpreter tells of a record; identity, time and positions are common to all (interpret.ts). */
export interface Told {
  readonly kind: ActivityKind
  /** Names the fact within its stream where the record's own ids do; else the delivery or the record stands in. */
  readonly fact?: string | undefined
  readonly outcome?: Outcome
  readonly target?: Target | undefined
  readonly attributes: Activity['attributes']
}

/** Attribute `decision` of an observed approval. Only `approved` is one; `bypassed` says that none was waited for. */
export type Decision = 'requested' | 'approved' | 'rejected' | 'bypassed' | 'cancelled'

export const UNREADABLE: Told = { kind: 'unclassified', attributes: {} }

/** Name of an attribute → path of its value in the record. */
export type Paths = Readonly<Record<string, string>>

/** Ids and numbers of things become strings: GitHub writes the same one as a number here and as a string there. */
export function attributesAt(body: JsonObject, paths: Paths): Record<string, Json> {
  const entries = Object.entries(paths).map(([name, path]) => [
    name,
    /(?:Id|Number)$/.test(name) ? textAt(body, path) : at(body, path),
  ])
  return present(Object.fromEntries(entries) as Record<string, Json | undefined>)
}

/** Leaves out what the record does not say: absent, null, empty. */
export function present(attributes: Readonly<Record<string, Json | undefined>>): Record<string, Json> {
  const entries = Object.entries(attributes).filter(
    (entry): entry is [string, Json] => entry[1] !== undefined && entry[1] !== null && entry[1] !== '',
  )
  return Object.fromEntries(entries)
}

export function sortedTexts(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== undefined))].sort()
}
