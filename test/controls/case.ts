import type { Control, Judgement } from '@catena/governance'
import type { IncidentLine } from '@catena/simulation'

/** One control asked about one planted incident, or about its legitimate twin. */
export interface Case {
  /** Name of the incident or twin. */
  readonly incident: string
  readonly isTwin: boolean
  readonly control: string
  /** Moments at which the control is asked: of an incident the one from which it must find it; of a twin several. */
  readonly moments: readonly number[]
  /** Positions of the planted cause; none where the incident is that something did not happen. */
  readonly causes: ReadonlySet<number>
}

/** What a control says; nothing where it does not apply. */
export type Said = Pick<Judgement, 'verdict' | 'witnesses' | 'reason'> | undefined

export type Fault = 'missed' | 'without its cause' | 'alarm on the twin'

/** Records are stamped when the answer came, some milliseconds after the deed. */
const STAMPS_MS = 60_000

/** The cases of one line, by the moments of the organisation's own clock. */
export function casesOf(line: IncidentLine, causes: ReadonlySet<number>): Case[] {
  const isTwin = line.twinOf !== undefined
  return line.breaks.map(({ control, at }) => {
    const moments = [at, ...(isTwin ? [line.until] : [])].map((time) => Date.parse(time) + STAMPS_MS)
    return { incident: line.incident, isTwin, control, moments: [...new Set(moments)], causes }
  })
}

/** What is wrong with the answers, one a moment; undefined where nothing is. */
export function faultOf({ isTwin, causes }: Case, answers: readonly Said[]): Fault | undefined {
  const alarms = answers.filter((said) => said?.verdict === 'uncontrolled')
  if (isTwin) return alarms.length > 0 ? 'alarm on the twin' : undefined
  if (alarms.length < answers.length || alarms.length === 0) return 'missed'
  const isWitnessed = (said: Said): boolean => said?.witnesses.some((position) => causes.has(position)) ?? false
  return causes.size === 0 || alarms.every(isWitnessed) ? undefined : 'without its cause'
}

/** Alarms that may never be false. */
export function isGrave({ severity }: Pick<Control, 'severity'>): boolean {
  return severity === 'critical' || severity === 'high'
}
