import { ENDING_SIGNALS } from './termination.js'

/** With which code a process ends that one of these ended, as shells say it. */
const EXIT_CODES: Readonly<Record<EndingSignal, number>> = { SIGINT: 130, SIGTERM: 143 }
type EndingSignal = (typeof ENDING_SIGNALS)[number]

const bound = new Set<() => Promise<unknown>>()
let isEnding = false

/**
 * Ends in order what must not outlive this process, where a signal ends it and nobody handles that: in the middle of a command, or while everything
 * is still being started. Returns what takes it back.
 */
export function endWithProcess(end: () => Promise<unknown>): () => void {
  if (bound.size === 0) for (const signal of ENDING_SIGNALS) process.on(signal, endAll)
  bound.add(end)
  return () => {
    bound.delete(end)
    if (bound.size === 0) for (const signal of ENDING_SIGNALS) process.off(signal, endAll)
  }
}

function endAll(signal: NodeJS.Signals): void {
  // Whoever handles it as well knows in which order to end what is bound here.
  if (isEnding || process.listenerCount(signal) > 1) return
  isEnding = true
  void Promise.allSettled([...bound].map((end) => end())).then(() => process.exit(EXIT_CODES[signal as EndingSignal]))
}
