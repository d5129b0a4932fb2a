import { csvRow, formatInstant } from '@catena/domain'
import { CROSSWALK } from '../crosswalk/crosswalk.js'
import type { JudgedCredential, ReportHead } from './control-report.js'

const COLUMNS = [
  'control', 'control version', 'severity', 'question', 'credential', 'system', 'name', 'verdict', 'reason', 'evidence', 'looked at', 'stands until', 'as of', 'cut',
  'frameworks',
] as const // prettier-ignore

export function csvHead(): string {
  return csvRow(COLUMNS)
}

/** A row per control that applies. What programs that show tables would run as a formula is marked as text. */
export function csvLines({ controls, at, cut, framework }: ReportHead, { id, system, name, results, looked }: JudgedCredential): string {
  return results.map(({ control, version, verdict, reason, witnesses, validUntil }) => {
    const { severity = '', question = '' } = controls.find((each) => each.id === control) ?? {}
    const until = validUntil === undefined ? 'a new record' : formatInstant(validUntil)
    return csvRow([control, version, severity, question, id, system, name, verdict, reason, witnesses.join(' '), looked.join(' '), until, formatInstant(at), cut, entriesOf(control, framework)])
  }).join('')
} // prettier-ignore

function entriesOf(control: string, framework: string | undefined): string {
  const own = CROSSWALK.entries.filter((entry) => entry.controls.includes(control) && (framework === undefined || entry.framework === framework)) // prettier-ignore
  return own.map((entry) => `${entry.framework} ${entry.canonical}`).join('; ')
}
