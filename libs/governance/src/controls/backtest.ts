import type { Instant } from '@catena/domain'
import type { CredentialHistory } from '../history/credential-history.js'
import type { Control, Verdict } from './control.js'
import { evaluate, type ControlResult } from './evaluate.js'

/** A stretch of time over which a control would have failed on a credential. */
export interface Firing {
  /** The look that found it first; what caused it lies after `passedAt`. */
  readonly since: Instant
  /** The last look before it that found no failure; absent: it failed from the first look on. */
  readonly passedAt?: Instant
  /** The look that found it gone; absent: it failed to the end of the period. */
  readonly until?: Instant
  /** As it was told first. */
  readonly reason: string
  /** Ledger positions behind it, of all its looks. */
  readonly witnesses: readonly number[]
}

export interface Backtest {
  readonly firings: readonly Firing[]
  /** The last look: the end of the period, or earlier where LOOKS_MAX was reached and the rest was not looked at. */
  readonly lookedTo: Instant
  /** How many looks found which verdict. */
  readonly looks: Readonly<Record<Verdict | 'not applicable', number>>
}

export interface Trial {
  readonly control: Control
  /** Parameters that differ from the control's own. */
  readonly values: Readonly<Record<string, number>>
  readonly from: Instant
  readonly to: Instant
  /** Longest time between two looks. */
  readonly stepMs: number
}

/** Most moments at which one credential is looked at: a year, hour by hour. */
export const LOOKS_MAX = 9_000

/**
 * What a control would have said of one credential over a past period (R5.9): looked at its begin and end, at every step, wherever a verdict ends by
 * time alone, and whenever its secret or the people around it changed. A failure that came and went between two looks is not seen.
 */
export async function backtest(
  trial: Trial,
  historyAt: (at: Instant) => Promise<CredentialHistory | undefined>,
): Promise<Backtest> {
  const looks = { controlled: 0, exception: 0, uncontrolled: 0, unknown: 0, 'not applicable': 0 }
  const last = await historyAt(trial.to)
  const changes = last === undefined ? [] : momentsOf(last)
  let firings: readonly Firing[] = []
  let passedAt: Instant | undefined
  let lookedTo = trial.from
  for (let at = trial.from, count = 0; count < LOOKS_MAX; count += 1) {
    const history = at === trial.to ? last : await historyAt(at)
    const evaluation = history && evaluate(history, [trial.control], { [trial.control.id]: trial.values })
    const result = evaluation?.results[0]
    looks[result?.verdict ?? 'not applicable'] += 1
    lookedTo = at
    firings = follow(firings, at, result, passedAt)
    if (result?.verdict !== 'uncontrolled') passedAt = at
    if (at >= trial.to) break
    at = Math.min(
      ...[at + trial.stepMs, result?.validUntil ?? Infinity, ...changes, trial.to].filter((one) => one > at),
    )
  }
  return { firings, looks, lookedTo }
}

/** One failure goes on until something other than not knowing is found. */
function follow(
  firings: readonly Firing[],
  at: Instant,
  result: ControlResult | undefined,
  passedAt: Instant | undefined,
): readonly Firing[] {
  const last = firings.at(-1)
  const open = last?.until === undefined ? last : undefined
  if (result?.verdict === 'uncontrolled') {
    const { reason, witnesses } = result
    if (open === undefined)
      return [...firings, { since: at, ...(passedAt === undefined ? {} : { passedAt }), reason, witnesses }]
    return [...firings.slice(0, -1), { ...open, witnesses: [...new Set([...open.witnesses, ...witnesses])] }]
  }
  if (open === undefined || result?.verdict === 'unknown') return firings
  return [...firings.slice(0, -1), { ...open, until: at }]
}

function momentsOf({ changes, people }: CredentialHistory): Instant[] {
  const ofPeople = Object.values(people).flatMap((person) => person.changes.map(({ at }) => at))
  return [...changes.map(({ at }) => at), ...ofPeople]
}
