import { refusal, type Decider, type Instant } from '@catena/domain'
import type { SharedThing, SharingEvent } from './party.js'

export const EXPOSURE_KINDS = ['leak', 'scanner', 'misuse', 'insecure-sharing'] as const
export type ExposureKind = (typeof EXPOSURE_KINDS)[number]

export type ExposureData = SharedThing & {
  readonly credentials: string[]
  readonly how: ExposureKind
  /** When it was exposed, as far as known. */
  readonly exposedAt: Instant
  /** Where and how, in words; never the value. */
  readonly words: string
}

export type ExposureEvent =
  SharingEvent<'ExposureReported', ExposureData> | SharingEvent<'ExposureWithdrawn', { readonly reason: string }>

export type ExposureState = SharedThing & {
  readonly status: 'none' | 'reported' | 'withdrawn'
  readonly report?: ExposureData
}

export type ExposureCommand =
  | { readonly do: 'ReportExposure'; readonly report: ExposureData }
  | { readonly do: 'WithdrawExposure'; readonly reason: string }

/** A leak, a scanner's alert, misuse, or a secret sent in the open (R3.10, R3.11). The clocks run from `exposedAt`. */
export const exposure: Decider<
  ExposureState,
  ExposureCommand,
  ExposureEvent,
  'NO_SUCH_REPORT' | 'ALREADY_REPORTED' | 'NO_CREDENTIAL' | 'IN_THE_FUTURE'
> = {
  initial: { status: 'none', credentials: [] },
  decide: (state, command, { at }) => {
    if (command.do === 'WithdrawExposure') {
      if (state.status === 'none') return refusal('NO_SUCH_REPORT', 'nothing was reported under this id')
      return state.status === 'withdrawn' ? [] : [{ type: 'ExposureWithdrawn', data: { reason: command.reason } }]
    }
    if (state.status !== 'none') return refusal('ALREADY_REPORTED', 'this id is taken: report under a new one')
    if (command.report.credentials.length === 0) return refusal('NO_CREDENTIAL', 'name what was exposed')
    if (command.report.exposedAt > at) return refusal('IN_THE_FUTURE', 'it cannot have been exposed in the future')
    return [{ type: 'ExposureReported', data: command.report }]
  },
  evolve: (state, event) =>
    event.type === 'ExposureReported'
      ? { status: 'reported', credentials: event.data.credentials, report: event.data }
      : { ...state, status: 'withdrawn' },
}

const MINUTE_MS = 60_000
/** Published yardsticks: first abuse 17 minutes after a leak; 91.6 % of leaked secrets still valid after five days. */
export const FIRST_ABUSE_MS = 17 * MINUTE_MS
export const STILL_VALID_MS = 5 * 24 * 60 * MINUTE_MS

export interface ExposureClocks {
  /** From the exposure to its replacement, or until now where it was not replaced. */
  readonly openMs: number
  readonly replacedAt?: Instant
  /** Longer than published first abuse took. */
  readonly isPastFirstAbuse: boolean
  readonly isPastFiveDays: boolean
  /** Obtained after the exposure and before the replacement. */
  readonly usesSince: number
  /** Systems in which it was obtained since, beyond those in which it was before. */
  readonly newSystems: readonly string[]
}

/** What runs from an exposure on; `changes` and `uses` are those of its credential. */
export function exposureClocks(
  exposedAt: Instant,
  changes: readonly { readonly at: Instant }[],
  uses: readonly { readonly at: Instant; readonly system: string }[],
  now: Instant,
): ExposureClocks {
  const after = changes.map(({ at }) => at).filter((at) => at >= exposedAt && at <= now)
  const replacedAt = after.length === 0 ? undefined : Math.min(...after)
  const openMs = (replacedAt ?? now) - exposedAt
  const before = new Set(uses.filter(({ at }) => at < exposedAt).map(({ system }) => system))
  const since = uses.filter(({ at }) => at >= exposedAt && at <= (replacedAt ?? now))
  return {
    openMs,
    ...(replacedAt === undefined ? {} : { replacedAt }),
    isPastFirstAbuse: openMs > FIRST_ABUSE_MS,
    isPastFiveDays: openMs > STILL_VALID_MS,
    usesSince: since.length,
    newSystems: [...new Set(since.map(({ system }) => system))].filter((system) => !before.has(system)).sort(),
  }
}
