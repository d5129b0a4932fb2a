import { LedTimer, type Clock } from '@catena/platform'
import type { RecertificationDesk } from '../desk/desk.js'
import { tick } from './tick.js'

/** Of all timers on a database one is at work. What they do is safe to do twice; the lock saves the work. */
const LOCK = 72707395
/** How often the clock is looked at. */
export const TICK_EVERY_MS = 10_000

export interface CampaignTimerOptions {
  readonly desk: RecertificationDesk
  readonly databaseUrl: string
  readonly clock: Clock
  readonly onError: (error: unknown) => void
  readonly everyMs?: number
}

/** Lets campaigns go on by the clock while the process lives. */
export function campaignTimer({ desk, everyMs = TICK_EVERY_MS, ...options }: CampaignTimerOptions): LedTimer {
  return new LedTimer({ ...options, name: 'campaigns', lock: LOCK, everyMs, turn: (now) => tick(desk, now) })
}
