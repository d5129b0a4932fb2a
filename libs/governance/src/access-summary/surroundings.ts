import { clockPairsOf, skewOf, type ClockPair, type Coverage, type FactIndex } from '@catena/access-chain'
import type { Instant, SourceInstance } from '@catena/domain'

/** What chains rest on without sharing a key with it: how far clocks differ, and what each source covers. */
export interface Surroundings {
  /** `<presenter> <issuer>` → interval of the skew; absent: nothing bounds it. */
  readonly skews: Readonly<Record<string, readonly [low: number, high: number]>>
  readonly coverages: Readonly<Record<string, Coverage>>
  /** By pair the moment as of which, and of any later one, the skew is the same; absent: not known. */
  readonly settled: Readonly<Record<string, Instant>>
}

export const NO_SURROUNDINGS: Surroundings = { skews: {}, coverages: {}, settled: {} }

/** `known`: of the same position and a later time, so that what was settled by then need not be asked. */
export async function surroundingsOf(
  index: FactIndex,
  sources: readonly SourceInstance[],
  known: Surroundings = NO_SURROUNDINGS,
): Promise<Surroundings> {
  const [clocks, coverages] = await Promise.all([
    Promise.all(clockPairsOf(sources).map((pair) => clockOf(index, pair, known))),
    Promise.all(sources.map(async ({ id }) => [id, spanOf(await index.coverage(id))] as const)),
  ])
  return {
    skews: withValues(clocks.map(({ pair, skew }) => [pair, skew])),
    settled: withValues(clocks.map(({ pair, settledAt }) => [pair, settledAt])),
    coverages: withValues(coverages),
  }
}

/** What it lost is told by the records that were not interpreted, each as it comes. */
function spanOf(coverage: Coverage | undefined): Coverage | undefined {
  return coverage === undefined ? undefined : { from: coverage.from, to: coverage.to }
}

interface Clock {
  readonly pair: string
  /** Undefined: nothing bounds it. */
  readonly skew: readonly [low: number, high: number] | undefined
  readonly settledAt: Instant | undefined
}

async function clockOf(index: FactIndex, [presenter, issuer]: ClockPair, known: Surroundings): Promise<Clock> {
  const pair = `${presenter} ${issuer}`
  const settledAt = known.settled[pair]
  if (settledAt !== undefined && settledAt <= (index.asOf.validAt ?? Infinity)) return { pair, skew: known.skews[pair], settledAt }
  const bounds = await index.clockBounds(presenter, issuer)
  const { low, high, unbounded } = skewOf(bounds)
  return { pair, skew: unbounded ? undefined : [low, high], settledAt: bounds.settledAt }
} // prettier-ignore

function withValues<T>(entries: readonly (readonly [string, T | undefined])[]): Record<string, T> {
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}

/** An issuer counts as heard of up to its last word, on its own clock. */
const LAST_WORD_SLACK_MS = 3_600_000

/** What was made under `now` and may have been otherwise under `then`: chains of these presenters, and those of federated logins after that time. */
export function unsettledBy(
  now: Surroundings,
  then: Surroundings,
  sources: readonly SourceInstance[],
): { readonly reclocked: readonly string[]; readonly coveredTo: Instant } {
  const lastWords = issuersAmong(sources)
    .filter(
      ({ id }) =>
        now.coverages[id]?.to !== then.coverages[id]?.to || now.coverages[id]?.from !== then.coverages[id]?.from,
    ) // prettier-ignore
    .map(({ id }) => (then.coverages[id]?.to ?? -Infinity) - LAST_WORD_SLACK_MS)
  return { reclocked: reclockedPresenters(then, now), coveredTo: Math.min(Infinity, ...lastWords) }
}

/** Sources that logins at others come through. Of these alone it matters how late they were heard of last. */
export function issuersAmong(sources: readonly SourceInstance[]): SourceInstance[] {
  const issuers = new Set(
    sources.flatMap(({ federations }) => federations.map(({ issuer }) => `${issuer.kind}/${issuer.scope}`)),
  )
  return sources.filter(({ kind, scope }) => issuers.has(`${kind}/${scope}`))
}

/** Presenters whose clock is judged otherwise now: their windows are others. */
export function reclockedPresenters(before: Surroundings, now: Surroundings): string[] {
  const changed = Object.entries(now.skews).filter(
    ([pair, skew]) => JSON.stringify(before.skews[pair]) !== JSON.stringify(skew),
  )
  return [...new Set(changed.map(([pair]) => pair.slice(0, pair.indexOf(' '))))]
}

/** How far two clocks may have differed at most, ms, as far as anything bounds it. */
export function greatestSkew(...all: readonly Surroundings[]): number {
  const bounds = all.flatMap(({ skews }) => Object.values(skews).flat())
  return bounds.reduce((a, b) => Math.max(a, Math.abs(b)), 0)
}

/** Did any source begin earlier than was known, or is one new? What was missing before its coverage may stand now. */
export function beganEarlier(before: Surroundings, now: Surroundings): boolean {
  return Object.entries(now.coverages).some(([id, { from }]) => from !== before.coverages[id]?.from)
}

/** Issuers that count as heard of for less long than before, with their last word now: their newest record was received before it is dated, or is gone. */
export function heardLess(
  before: Surroundings,
  now: Surroundings,
  sources: readonly SourceInstance[],
): { readonly system: string; readonly until: Instant }[] {
  return issuersAmong(sources).flatMap(({ id, kind, scope }) => {
    const [old, until] = [before.coverages[id]?.to ?? -Infinity, now.coverages[id]?.to ?? 0]
    return until < old ? [{ system: `${kind}/${scope}`, until }] : []
  })
}

/** Of the issuers that were heard of again, the earliest last word before: what followed it may have been beyond their coverage. */
export function heardUntil(
  before: Surroundings,
  now: Surroundings,
  sources: readonly SourceInstance[],
): number | undefined {
  const moved = issuersAmong(sources).filter(({ id }) => now.coverages[id]?.to !== before.coverages[id]?.to)
  const last = moved.flatMap(({ id }) => before.coverages[id]?.to ?? [])
  return last.length === 0 ? undefined : Math.min(...last)
}
