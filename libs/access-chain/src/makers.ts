import type { Activity, Key } from '@catena/domain'
import type { Evidence } from './evidence.js'

/**
 * Loads who made these tokens, and works on those that are not yet in `seen` as they are found: first by the keys as they are, then by their other
 * names. `last` is done when all are loaded.
 */
export async function loadMakers(
  evidence: Evidence,
  tokens: readonly Key[],
  seen: Set<string>,
  work: (makers: readonly Activity[]) => Promise<unknown>,
  last: () => Promise<unknown>,
): Promise<void> {
  const workOnNew = async (): Promise<void> => {
    const makers = newMakers(evidence, tokens, seen)
    if (makers.length > 0) await work(makers)
  }
  await evidence.loadShown('establishes', tokens)
  const others = evidence.loadKnownNames('establishes', tokens)
  await Promise.all([workOnNew(), others.then(() => Promise.all([workOnNew(), last()]))])
}

function newMakers(evidence: Evidence, tokens: readonly Key[], seen: Set<string>): Activity[] {
  const makers: Activity[] = []
  // Many of a page come by one token.
  for (const maker of [...new Set(tokens)].flatMap((token) => evidence.factsBy(token, 'establishes'))) {
    if (seen.has(maker.factId)) continue
    seen.add(maker.factId)
    makers.push(maker)
  }
  return makers
}
