import type { Control, Severity } from '../controls/control.js'
import type { Grade } from '../controls/evaluate.js'
import { SEVERITIES } from './finding-entry.js'

export interface Graded {
  readonly severity: Severity
  /** Why it is that grave. */
  readonly because: string
}

/**
 * How grave a failure of the control on this credential is, by the facts: one step above that of the control where the credential is privileged, one
 * below where the slot holds nothing that could be obtained any more.
 */
export function severityOf({ severity, because }: Pick<Control, 'severity' | 'because'>, grade: Grade = {}): Graded {
  const { isGone, privilegedBy } = grade
  if (isGone === true)
    return step({ severity, because }, 1, 'less grave, as the secret was deleted and can be obtained no more')
  if (privilegedBy === undefined) return { severity, because }
  return step({ severity, because }, -1, `graver, as the credential is privileged by rule ${privilegedBy}`)
}

/** At the ends of the scale nothing is graver or less grave, and nothing is said. */
function step({ severity, because }: Graded, by: 1 | -1, why: string): Graded {
  const other = SEVERITIES[SEVERITIES.indexOf(severity) + by]
  return other === undefined ? { severity, because } : { severity: other, because: `${because}; ${why}` }
}
