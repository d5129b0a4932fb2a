import { hash } from 'node:crypto'
import type { Decider, Instant } from '@catena/domain'
import type { Verdict } from '../controls/control.js'
import type { Evaluation } from '../controls/evaluate.js'

/** The verdict of one control on one credential became another, as it became known. */
export type VerdictChanged = {
  readonly type: 'VerdictChanged'
  readonly data: {
    /** Deterministic: the same change has the same id. */
    readonly id: string
    readonly credential: string
    readonly control: string
    readonly controlVersion: number
    /** Absent: there was none before. */
    readonly from?: Verdict
    /** Absent: the control applies no more. */
    readonly to?: Verdict
    readonly reason: string
    readonly witnesses: number[]
    /** Last ledger position that was known, and the moment that the verdict is about. */
    readonly position: number
    readonly at: Instant
  }
}

export interface RecordedVerdicts {
  readonly position: number
  readonly at: Instant
  readonly verdicts: Readonly<Record<string, { readonly verdict: Verdict; readonly version: number }>>
}

/** It rests on less than what is recorded: it says nothing new, neither of verdicts nor of findings. */
export function isOlder({ position, at }: Pick<Evaluation, 'position' | 'at'>, recorded: RecordedVerdicts): boolean {
  return position < recorded.position || (position === recorded.position && at < recorded.at)
}

export function verdictStream(credential: string): string {
  return `verdict:${credential}`
}

/** Verdicts of a credential as they were known. What is known already, or older than what is recorded, changes nothing: a rebuild writes nothing twice. */
export const recordedVerdicts: Decider<RecordedVerdicts, Evaluation, VerdictChanged> = {
  initial: { position: 0, at: 0, verdicts: {} },
  decide: (state, evaluation) => {
    if (isOlder(evaluation, state)) return []
    const now = new Map(evaluation.results.map((result) => [result.control, result]))
    const controls = [...new Set([...Object.keys(state.verdicts), ...now.keys()])].sort()
    return controls.flatMap((control) => {
      const [before, after] = [state.verdicts[control], now.get(control)]
      return before?.verdict === after?.verdict ? [] : [changed(evaluation, control, before?.verdict, after)]
    })
  },
  evolve: ({ verdicts }, { data }) => {
    const { control, controlVersion, to, position, at } = data
    const now = { ...verdicts }
    if (to === undefined) Reflect.deleteProperty(now, control)
    else now[control] = { verdict: to, version: controlVersion }
    return { position, at, verdicts: now }
  },
}

function changed(
  { credential, position, at }: Evaluation,
  control: string,
  from: Verdict | undefined,
  to: Evaluation['results'][number] | undefined,
): VerdictChanged {
  const id = hash(
    'sha256',
    JSON.stringify([credential, control, from ?? null, to?.verdict ?? null, position, at]),
    'hex',
  ).slice(0, 32)
  return {
    type: 'VerdictChanged',
    data: {
      id,
      credential,
      control,
      controlVersion: to?.version ?? 0,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to: to.verdict }),
      reason: to?.reason ?? 'The control does not apply any more.',
      witnesses: [...(to?.witnesses ?? [])],
      position,
      at,
    },
  }
}
