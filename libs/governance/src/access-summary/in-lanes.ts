/** Each lane goes on until a step finds nothing left, or any step failed; all have ended then. */
export async function inLanes(lanes: number, step: () => Promise<boolean>): Promise<void> {
  let failed = false
  const lane = async (): Promise<void> => {
    try {
      while (!failed && (await step()));
    } catch (error) {
      failed = true
      throw error
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: lanes }, lane))
  for (const one of ended) if (one.status === 'rejected') throw one.reason
}
