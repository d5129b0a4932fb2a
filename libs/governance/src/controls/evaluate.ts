import type { Instant } from '@catena/domain'
import type { CredentialHistory } from '../history/credential-history.js'
import { DAY_MS, goneSince } from '../history/questions.js'
import { valuesOf, type Control, type Judgement, type Values, type Verdict } from './control.js'
import { dueAt, isInForce } from './exceptions.js'
import { CONTROLS } from './registry.js'

export interface ControlResult extends Judgement {
  readonly control: string
  readonly version: number
}

export interface Grade {
  /** Id of the rule that makes the credential privileged. */
  readonly privilegedBy?: string
  /** The slot holds nothing that could be obtained any more. */
  readonly isGone?: true
}

/** What all controls say of one credential at one moment. */
export interface Evaluation {
  readonly credential: string
  readonly at: Instant
  readonly position: number
  /** The worst of those that apply; unknown where none does. */
  readonly verdict: Verdict
  /** Of controls that apply, in the order of the registry. */
  readonly results: readonly ControlResult[]
  /** What makes failures of this credential graver or less grave than their controls say. */
  readonly grade?: Grade
  /** When to look again though nothing new is recorded: what applies is unchanged until then, at most a day. */
  readonly validUntil: Instant
}

export type ParameterValues = Readonly<Record<string, Readonly<Record<string, number>>>>

export function evaluate(
  history: CredentialHistory,
  controls: readonly Control[] = CONTROLS,
  parameters: ParameterValues = {},
): Evaluation {
  const results = controls.flatMap((control): ControlResult[] => {
    const values = valuesOf(control.parameters, parameters[control.id])
    if (!control.applies(history, values)) return []
    const judgement = excuse(history, control.id, control.test(history, values))
    return [{ control: control.id, version: control.version, ...judgement, ...edgeOf(history, values, judgement) }]
  })
  const ends = [...results.flatMap(({ validUntil }) => validUntil ?? []), history.nextAt ?? Infinity].filter(
    (end) => end > history.at,
  )
  return {
    credential: history.id,
    at: history.at,
    position: history.position,
    verdict: aggregate(results.map(({ verdict }) => verdict)),
    results,
    ...gradeOf(history),
    validUntil: Math.min(history.at + RECHECK_MAX_MS, ...ends),
  }
}

function gradeOf(history: CredentialHistory): { readonly grade?: Grade } {
  if (goneSince(history) !== undefined) return { grade: { isGone: true } }
  return history.privileged === undefined ? {} : { grade: { privilegedBy: history.privileged.id } }
}

/** Controls begin to apply by time too, so no evaluation stands longer. */
export const RECHECK_MAX_MS = DAY_MS

/** Whoever leaves the window of a control may change its answer. */
function edgeOf(
  { accessors, at }: CredentialHistory,
  { windowDays }: Values,
  { validUntil }: Judgement,
): Pick<Judgement, 'validUntil'> {
  const leaving = windowDays === undefined ? [] : accessors.flatMap(({ lastAt }) => lastAt ?? [])
  const edges = [
    ...leaving.map((last) => last + (windowDays ?? 0) * DAY_MS + 1),
    ...(validUntil === undefined ? [] : [validUntil]),
  ]
  const next = edges.filter((edge) => edge > at)
  return next.length === 0 ? {} : { validUntil: Math.min(...next) }
}

const WORST_FIRST: readonly Verdict[] = ['uncontrolled', 'unknown', 'exception', 'controlled']

/** Uncontrolled > unknown > exception > controlled; nothing at all is unknown. */
export function aggregate(verdicts: readonly Verdict[]): Verdict {
  return WORST_FIRST.find((verdict) => verdicts.includes(verdict)) ?? 'unknown'
}

/** An exception in force turns a failure into an exception, for as long as it and all that compensates for it live. */
function excuse(history: CredentialHistory, control: string, judgement: Judgement): Judgement {
  if (judgement.verdict !== 'uncontrolled') return judgement
  const granted = history.sharing.exceptions.filter(({ controls }) => controls.includes(control))
  const sound = granted.find((exception) => isInForce(exception, history.at))
  if (sound === undefined) {
    const next = granted.map(({ from }) => from).filter((from) => from > history.at)
    return next.length === 0
      ? judgement
      : { ...judgement, validUntil: Math.min(...next, judgement.validUntil ?? Infinity) }
  }
  const until = Math.min(sound.until, ...sound.compensations.map(dueAt), judgement.validUntil ?? Infinity)
  return {
    verdict: 'exception',
    reason: `${judgement.reason} This is excepted until it is looked at again (${sound.kind}).`,
    witnesses: [...judgement.witnesses, ...sound.positions],
    validUntil: until,
  }
}
