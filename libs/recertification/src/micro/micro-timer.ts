import { LedTimer } from '@catena/platform'
import type { CampaignTimerOptions } from '../timers/campaign-timer.js'
import { TIMER } from '../timers/tick.js'
import { followTriggers } from './follow-triggers.js'

/** Of all timers on a database one is at work. */
const LOCK = 72707399
/** How often triggers are looked for: a reviewer is asked within seconds of what happened. */
export const TRIGGERS_EVERY_MS = 1_000

/** Asks about accesses as soon as something happened to them, while the process lives. */
export function microCertificationTimer({ desk, everyMs = TRIGGERS_EVERY_MS, ...options }: CampaignTimerOptions): LedTimer {
  return new LedTimer({ ...options, name: 'micro-certifications', lock: LOCK, everyMs, turn: (now) => followTriggers(desk, { actor: TIMER, at: now }) })
} // prettier-ignore
