import { tellingsOf, type Activity, type Telling } from '@catena/domain'
import type { Uuid } from './identity.js'
import { micros, type FactRow } from './rows.js'

/** What is said of a fact beside its own row: as it was known for a while, or of another source than the least that recorded it. */
export interface ToldRow {
  readonly fact: Uuid
  readonly activity: Activity
  readonly source: string
  /** Of those known by then. */
  readonly isLeast: boolean
  readonly atUs: number
  readonly heardUs: number
  readonly firstPosition: number
  readonly untilPosition: number | undefined
}

/** Each observation that told something anew begins another state of knowledge. The last, of the least source, is the fact's own row. */
export function toldRows({ fact, activity }: FactRow): ToldRow[] {
  if (activity.tellings === undefined) return []
  return activity.tellings.flatMap(({ position }, number, all) => {
    const told = all.slice(0, number + 1)
    const atUs = micros(Math.min(...told.map(({ occurredAt }) => occurredAt)))
    const firsts = firstsOf(told)
    const isLeast = ({ source }: Telling): boolean => firsts.every((one) => source <= one.source)
    const row = { fact, activity, atUs, firstPosition: position, untilPosition: all[number + 1]?.position }
    return firsts
      .filter((first) => row.untilPosition !== undefined || !isLeast(first))
      .map((first) => ({ ...row, source: first.source, isLeast: isLeast(first), heardUs: heardUsOf(first) }))
  })
}

/** When the least source of all shows by its first record that it lived. */
export function heardUs(activity: Activity): number {
  const first = tellingsOf(activity).find(({ source }) => source === activity.source)
  return first === undefined ? micros(activity.occurredAt) : heardUsOf(first)
}

function heardUsOf({ heardAt, occurredAt }: Telling): number {
  return micros(heardAt ?? occurredAt)
}

function firstsOf(told: readonly Telling[]): Telling[] {
  return told.filter(({ source }, number) => told.findIndex((one) => one.source === source) === number)
}
