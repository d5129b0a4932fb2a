import { pause } from '@catena/projections'

/** Longest rest after a step, however long the step took. */
const REST_MAX_MS = 10_000
/** A rest is at most so many times as long as the step before it: work goes on for a tenth of the time at least. */
const RESTS_PER_STEP = 9
const LOOK_EVERY_MS = 50

/** Rests after a step of so many ms while whoever goes first is behind; never for so long that the work would be shut out. */
export async function giveWay(tookMs: number, isFirstBehind: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  const until = performance.now() + Math.min(tookMs * RESTS_PER_STEP, REST_MAX_MS)
  for (let now = performance.now(); now < until && !signal.aborted; now = performance.now()) {
    if (!(await isFirstBehind())) return
    await pause(Math.min(LOOK_EVERY_MS, until - now), signal)
  }
} // prettier-ignore
