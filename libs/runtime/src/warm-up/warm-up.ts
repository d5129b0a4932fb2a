import { setImmediate as turn } from 'node:timers/promises'
import type { Instant } from '@catena/domain'
import { evaluate, HistoryReader } from '@catena/governance'
import { credentialOf, type AccessReader, type KnownAsOf } from '@catena/projections'

export interface WarmUpLimits {
  /** With fewer retrievals than these the first answers are fast as they are. */
  readonly retrievalsMin: number
  /** Pages after which the code that makes them is compiled (docs/performance.md). */
  readonly pages: number
  /** Verdicts on past dates, spread over the pages. */
  readonly dates: number
  /** After its first page: whatever was read by then, somebody may come, ms. */
  readonly longestMs: number
}

export const WARM_UP: WarmUpLimits = { retrievalsMin: 5_000, pages: 6_000, dates: 100, longestMs: 30_000 }

/** What was read and thrown away. */
export interface WarmedUp {
  readonly pages: number
  readonly dates: number
}

/** Newest retrievals whose credentials are read: what is used most is among them. */
const RETRIEVALS = 100
/** Of so many pages one is of a credential that is used; the others are of any, most of which are small. */
const USED_EVERY = 10
/** Credentials of which any may be asked for. */
const ANY = 1_000
const PAGE = 50
/** Before what is newest, as of which how far clocks differ is not settled and has to be summed up for that date alone. */
const EARLIER_MS = 7 * 24 * 3_600_000

/** A credential, and when it was used last. */
interface Used {
  readonly credential: string
  readonly at: Instant
}

/** Is there so much that whoever asks first would wait? */
export function needsWarmUp(reader: AccessReader, { retrievalsMin } = WARM_UP): Promise<boolean> {
  return reader.hasRetrievals(retrievalsMin)
}

/** Where it is needed. */
export async function warmUp(reader: AccessReader, ended: AbortSignal, limits = WARM_UP): Promise<WarmedUp> {
  return (await needsWarmUp(reader, limits)) ? readAhead(reader, ended, limits) : { pages: 0, dates: 0 }
}

/**
 * Reads pages of chains and judges credentials on past dates, and throws the answers away: clocks are summed up, code is compiled and statements are planned
 * before anybody waits for them. Ends early when told to.
 */
export async function readAhead(reader: AccessReader, ended: AbortSignal, limits = WARM_UP): Promise<WarmedUp> {
  const done = { pages: 0, dates: 0 }
  const [used, any] = await Promise.all([usedLately(reader), anyCredentials(reader)])
  // What is used all the time has a long history, of which one verdict takes as long as hundreds of pages.
  const judged = used.filter(({ credential }) => used.filter((one) => one.credential === credential).length === 1)
  let until = Infinity
  for (; done.pages < limits.pages && !ended.aborted && performance.now() < until; done.pages++) {
    const asOf = await reader.asOf()
    const isUsed = done.pages % USED_EVERY === 0
    const credential = isUsed ? used[(done.pages / USED_EVERY) % used.length]?.credential : any[done.pages % any.length]
    await reader.chainsOf(asOf, { credential }, { limit: PAGE })
    // The first page sums up all clocks, however long that takes.
    if (until === Infinity) until = performance.now() + limits.longestMs
    const next = judged[done.dates % judged.length]
    if (next !== undefined && (done.pages + 1) * limits.dates >= (done.dates + 1) * limits.pages) {
      await judge(reader, asOf, next)
      done.dates += 1
    }
    // Whoever is here already goes first.
    await turn()
  }
  return done
}

async function judge(reader: AccessReader, asOf: KnownAsOf, { credential, at }: Used): Promise<void> {
  const history = await new HistoryReader(reader).onDate(asOf, credential, at - EARLIER_MS)
  if (history !== undefined) evaluate(history)
}

async function usedLately(reader: AccessReader): Promise<Used[]> {
  const { items } = await reader.facts(await reader.asOf(), {}, { limit: RETRIEVALS })
  return items.flatMap(({ item: { target, occurredAt: at } }) => {
    const credential = target === undefined ? undefined : credentialOf(target)
    return credential === undefined ? [] : [{ credential, at }]
  })
}

/** By their ids, which are hashes: of each size as many as there are. */
async function anyCredentials({ pool }: AccessReader): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `SELECT replace(credential::text, '-', '') AS id FROM access_credential ORDER BY credential LIMIT $1`,
    [ANY],
  )
  return rows.map(({ id }) => id)
}
