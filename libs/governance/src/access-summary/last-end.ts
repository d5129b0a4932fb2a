import type { EndAspect } from '@catena/access-chain'
import type { Instant } from '@catena/domain'
import { defined, isObtained, type Retrieval } from '../history/retrieval.js'

/** The end that came last of all that was obtained, with when that had been obtained. */
export interface LastEnd {
  readonly fact: string
  readonly obtainedAt: Instant
  readonly at: Instant
  readonly how?: NonNullable<EndAspect['how']>
  /** Of the records that show it. */
  readonly positions: readonly number[]
}

/** Undefined: nothing of it was obtained, or no end is on record. In any order of the retrievals the same. */
export function lastEndOf(retrievals: Iterable<Retrieval>): LastEnd | undefined {
  let last: LastEnd | undefined
  for (const retrieval of retrievals) last = laterEnd(last, endOf(retrieval))
  return last
}

function endOf(retrieval: Retrieval): LastEnd | undefined {
  const { fact, at: obtainedAt, end } = retrieval
  if (end.at === undefined || !isObtained(retrieval)) return undefined
  return { fact, obtainedAt, at: end.at, ...defined('how', end.how), positions: end.positions ?? [] }
}

/** By the time of the end; of the same moment what was obtained later, then by the fact's id. */
export function laterEnd(a: LastEnd | undefined, b: LastEnd | undefined): LastEnd | undefined {
  if (a === undefined || b === undefined) return a ?? b
  if (a.at !== b.at) return a.at > b.at ? a : b
  if (a.obtainedAt !== b.obtainedAt) return a.obtainedAt > b.obtainedAt ? a : b
  return a.fact > b.fact ? a : b
}
