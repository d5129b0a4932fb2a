import { skewOf, type Coverage, type FactIndex } from '@catena/access-chain'
import type { SourceInstance } from '@catena/domain'

/** What chains rest on without sharing a key with it: how far clocks differ, and what each source covers. */
export interface Surroundings {
  /** `<presenter> <issuer>` → interval of the skew. */
  readonly skews: Readonly<Record<string, readonly [low: number, high: number]>>
  readonly coverages: Readonly<Record<string, Coverage>>
}

export const NO_SURROUNDINGS: Surroundings = { skews: {}, coverages: {} }

export async function surroundingsOf(index: FactIndex, sources: readonly SourceInstance[]): Promise<Surroundings> {
  const pairs = sources.flatMap(({ id, federations }) =>
    [...new Set(federations.map(({ issuer }) => `${issuer.kind}/${issuer.scope}`))].map(
      (issuer) => [id, issuer] as const,
    ),
  )
  const skews = await Promise.all(
    pairs.map(async ([id, issuer]) => [`${id} ${issuer}`, skewOf(await index.clockBounds(id, issuer))] as const),
  )
  const coverages = await Promise.all(sources.map(async ({ id }) => [id, await index.coverage(id)] as const))
  return {
    skews: Object.fromEntries(skews.map(([pair, { low, high }]) => [pair, [low, high] as const])),
    coverages: Object.fromEntries(
      coverages.flatMap(([id, coverage]) => (coverage === undefined ? [] : [[id, coverage]])),
    ),
  }
}

/** Presenters whose clock is judged otherwise now: their windows are others. */
export function reclockedPresenters(before: Surroundings, now: Surroundings): string[] {
  const changed = Object.entries(now.skews).filter(
    ([pair, skew]) => JSON.stringify(before.skews[pair]) !== JSON.stringify(skew),
  )
  return [...new Set(changed.map(([pair]) => pair.slice(0, pair.indexOf(' '))))]
}

/** Did any source begin earlier than was known, or is one new? What was missing before its coverage may stand now. */
export function beganEarlier(before: Surroundings, now: Surroundings): boolean {
  return Object.entries(now.coverages).some(([id, { from }]) => from !== before.coverages[id]?.from)
}

/** Of the sources that were heard of again, the earliest last word before: what followed it may have been beyond their coverage. */
export function heardUntil(before: Surroundings, now: Surroundings): number | undefined {
  const moved = Object.entries(now.coverages).filter(([id, { to }]) => to !== before.coverages[id]?.to)
  const last = moved.flatMap(([id]) => before.coverages[id]?.to ?? [])
  return last.length === 0 ? undefined : Math.min(...last)
}
