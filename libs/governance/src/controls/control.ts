import type { Instant } from '@catena/domain'
import { RETRIEVALS_MAX, type CredentialHistory } from '../history/credential-history.js'

/** Never a pass but the first. */
export type Verdict = 'controlled' | 'exception' | 'uncontrolled' | 'unknown'

export type Severity = 'critical' | 'high' | 'medium' | 'low'

/** A number that an organisation may set. */
export interface Parameter {
  readonly default: number
  readonly unit: 'days' | 'hours' | 'minutes' | 'count'
  readonly meaning: string
}
export type Parameters = Readonly<Record<string, Parameter>>
export type Values<P extends Parameters = Parameters> = { readonly [Name in keyof P]: number }

export interface Judgement {
  readonly verdict: Verdict
  /** One sentence that a manager understands. */
  readonly reason: string
  /** Ledger positions it rests on; none where the point is that nothing is recorded. */
  readonly witnesses: readonly number[]
  /** Verdicts change by time alone: from then on the answer may be another. Absent: only a new record can change it. */
  readonly validUntil?: Instant
}

/**
 * One question about the history of a credential. Total and pure: for any history an answer, the same for the same history. `test` is asked only
 * where `applies`; where nothing says how it was, the answer is `unknown`.
 */
export interface Control<P extends Parameters = Parameters> {
  readonly id: string
  /** Raised when the same history may get another answer. */
  readonly version: number
  readonly title: string
  readonly question: string
  /** How it is tested: what it is asked of, and what makes it pass, fail or stay unknown. For people who never saw the code. */
  readonly method: string
  /** Requirements that it tests, e.g. `R2.2`. */
  readonly requirements: readonly string[]
  readonly severity: Severity
  /** Why a failure is that severe. */
  readonly because: string
  readonly parameters: P
  /** Why it can say no worse than unknown, where that is so by design; nothing can break it. */
  readonly neverFails?: string
  applies(history: CredentialHistory, values: Values<P>): boolean
  test(history: CredentialHistory, values: Values<P>): Judgement
}

/** Keeps the names of parameters known where the control is written, and forgets them for the registry. */
export function control<const P extends Parameters>(definition: Control<P>): Control {
  return definition
}

export function valuesOf(parameters: Parameters, given?: Readonly<Record<string, number>>): Values {
  if (given !== undefined) return withDefaults(parameters, given)
  const known = defaults.get(parameters) ?? withDefaults(parameters, {})
  defaults.set(parameters, known)
  return known
}

/** The same for every credential, so made once. */
const defaults = new WeakMap<Parameters, Values>()

function withDefaults(parameters: Parameters, given: Readonly<Record<string, number>>): Values {
  return Object.freeze(
    Object.fromEntries(Object.entries(parameters).map(([name, parameter]) => [name, given[name] ?? parameter.default])),
  )
}

type More = Partial<Pick<Judgement, 'witnesses' | 'validUntil'>>

export function controlled(reason: string, more: More = {}): Judgement {
  return { verdict: 'controlled', reason, witnesses: [], ...more }
}
export function uncontrolled(reason: string, more: More = {}): Judgement {
  return { verdict: 'uncontrolled', reason, witnesses: [], ...more }
}
export function unknown(reason: string, more: More = {}): Judgement {
  return { verdict: 'unknown', reason, witnesses: [], ...more }
}

/** No pass where the period that counts reaches behind what is known one by one. `edges`: when that may be otherwise; those that are over do not count. */
export function tooOften({ at }: CredentialHistory, edges: readonly Instant[]): Judgement {
  const next = edges.filter((edge) => edge > at && edge < Infinity)
  return unknown(
    `It was obtained too often to look at each time: what was before the newest ${RETRIEVALS_MAX} may be otherwise.`,
    next.length === 0 ? {} : { validUntil: Math.min(...next) },
  )
}
