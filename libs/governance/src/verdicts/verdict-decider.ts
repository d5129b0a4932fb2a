import { hash } from 'node:crypto'
import type { Decider, DecisionEvent, Instant } from '@catena/domain'
import type { Verdict } from '../controls/control.js'
import type { Evaluation } from '../controls/evaluate.js'

/** Verdicts on one credential became others, as it became known: of all controls whose verdict one judgement changed. */
export type VerdictChanged = {
  readonly type: 'VerdictChanged'
  readonly data: {
    readonly credential: string
    /** Last ledger position that was known, and the moment that the verdicts are about. */
    readonly position: number
    readonly at: Instant
    /** Each of another control. */
    readonly changes: VerdictChange[]
  }
}

/** The verdict of one control became another. */
export type VerdictChange = {
  /** Deterministic: the same change has the same id. */
  readonly id: string
  readonly control: string
  readonly controlVersion: number
  /** Absent: there was none before. */
  readonly from?: Verdict
  /** Absent: the control applies no more. */
  readonly to?: Verdict
  readonly reason: string
  readonly witnesses: number[]
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
    const changes = controls.flatMap((control) => {
      const [before, after] = [state.verdicts[control], now.get(control)]
      return before?.verdict === after?.verdict ? [] : [changed(evaluation, control, before?.verdict, after)]
    })
    const { credential, position, at } = evaluation
    return changes.length === 0 ? [] : [{ type: 'VerdictChanged', data: { credential, position, at, changes } }]
  },
  evolve: ({ verdicts }, { data: { position, at, changes } }) => {
    const now = { ...verdicts }
    for (const { control, controlVersion, to } of changes)
      if (to === undefined) Reflect.deleteProperty(now, control)
      else now[control] = { verdict: to, version: controlVersion }
    return { position, at, verdicts: now }
  },
  schemaVersions: { VerdictChanged: 2 },
  upcasters: { VerdictChanged: { 1: withOneChange } },
}

/** Version 1 told of one control, beside the credential. */
function withOneChange({ credential, position, at, ...change }: DecisionEvent['data']): DecisionEvent['data'] {
  return { credential, position, at, changes: [change] }
}

function changed(
  { credential, position, at }: Evaluation,
  control: string,
  from: Verdict | undefined,
  to: Evaluation['results'][number] | undefined,
): VerdictChange {
  const id = hash(
    'sha256',
    JSON.stringify([credential, control, from ?? null, to?.verdict ?? null, position, at]),
    'hex',
  ).slice(0, 32)
  return {
    id,
    control,
    controlVersion: to?.version ?? 0,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to: to.verdict }),
    reason: to?.reason ?? 'The control does not apply any more.',
    witnesses: [...(to?.witnesses ?? [])],
  }
}
