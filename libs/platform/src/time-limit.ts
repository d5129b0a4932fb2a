/**
 * Does work under a signal that aborts with `outer`, or after so many milliseconds with a TimeoutError. It holds its timer until the work has
 * ended: of `AbortSignal.any` over `AbortSignal.timeout` the collector takes the time limit, and then it never comes (nodejs/node 57736).
 */
export async function withTimeLimit<T>(
  ms: number,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController()
  const end = (): void => limit.abort(outer.reason)
  const timer = setTimeout(() => limit.abort(new DOMException(`not done within ${ms} ms`, 'TimeoutError')), ms)
  if (outer.aborted) end()
  outer.addEventListener('abort', end, { once: true })
  try {
    return await work(limit.signal)
  } finally {
    clearTimeout(timer)
    outer.removeEventListener('abort', end)
  }
}
