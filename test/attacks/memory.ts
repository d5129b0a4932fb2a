import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Of the heap after a full collection, bytes: garbage that nobody collected yet is no growth. */
export function heapBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed
}

/** How much more the process holds at its peak while this is done, bytes. */
export async function peakOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage().rss
  let peak = before
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 5)
  await work().finally(() => clearInterval(timer))
  return peak - before
}
