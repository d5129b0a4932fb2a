import { addTo } from '../access-summary/access-summary.js'
import { DAY_MS } from './questions.js'
import type { Retrieval } from './retrieval.js'

/**
 * For each of them: how many different values those by the same accessor have in the day up to it, itself among them. Undefined is no value. Looks at
 * each only a few times, however many there are in a day.
 */
export function differentInDay(
  all: readonly Retrieval[],
  valueOf: (one: Retrieval) => unknown,
): ReadonlyMap<Retrieval, number> {
  const byAccessor = new Map<string, Retrieval[]>()
  for (const one of all) addTo(byAccessor, one.accessor.id, one)
  return new Map([...byAccessor.values()].flatMap((own) => differentOf(own, valueOf)))
}

function differentOf(
  own: readonly Retrieval[],
  valueOf: (one: Retrieval) => unknown,
): (readonly [Retrieval, number])[] {
  const byTime = own.toSorted((a, b) => a.at - b.at)
  const [entering, leaving] = [byTime.values(), byTime.values()]
  let [next, oldest] = [entering.next(), leaving.next()]
  const within = new Map<unknown, number>()
  return byTime.map((one) => {
    for (; next.done !== true && next.value.at <= one.at; next = entering.next()) count(within, valueOf(next.value), 1)
    for (; oldest.done !== true && oldest.value.at <= one.at - DAY_MS; oldest = leaving.next())
      count(within, valueOf(oldest.value), -1)
    return [one, within.size] as const
  })
}

function count(counts: Map<unknown, number>, value: unknown, more: 1 | -1): void {
  if (value === undefined) return
  const times = (counts.get(value) ?? 0) + more
  if (times === 0) counts.delete(value)
  else counts.set(value, times)
}
