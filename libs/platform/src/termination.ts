/** Longest orderly end; after it the process ends anyway. */
export const TERMINATION_DEADLINE_MS = 25_000

/** A terminal signals the whole group, and npm hands the same signal on: what comes so soon is the first once more, ms. */
const SAME_SIGNAL_MS = 1_000

/** Signals that ask a process to end. */
export const ENDING_SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** On SIGTERM or SIGINT: runs `stop` once, then exits with 0; with 1 when it fails or takes too long, at once on a second signal. */
export function onTermination(stop: () => Promise<void>, deadlineMs = TERMINATION_DEADLINE_MS): void {
  let begunAt: number | undefined
  const end = (): void => {
    if (begunAt !== undefined) {
      if (performance.now() - begunAt > SAME_SIGNAL_MS) process.exit(130)
      return
    }
    begunAt = performance.now()
    setTimeout(() => process.exit(1), deadlineMs).unref()
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
        process.exit(1)
      },
    )
  }
  for (const signal of ENDING_SIGNALS) process.on(signal, end)
}

/** Aborted on SIGTERM or SIGINT, for what ends by itself then; a second signal ends the process as where nobody handles it. */
export function interruption(): AbortSignal {
  const controller = new AbortController()
  let begunAt: number | undefined
  // Not once: whoever counts listeners to know whether the signal is handled is to find this one.
  const abort = (signal: NodeJS.Signals): void => {
    if (begunAt !== undefined && performance.now() - begunAt > SAME_SIGNAL_MS) {
      for (const each of ENDING_SIGNALS) process.off(each, abort)
      process.kill(process.pid, signal)
      return
    }
    begunAt ??= performance.now()
    controller.abort()
  }
  for (const signal of ENDING_SIGNALS) process.on(signal, abort)
  return controller.signal
}
