import { formatInstant } from '@catena/domain'
import type { FindingEntry } from '@catena/governance'
import { dim, paint, plain, type Paper } from '../terminal/paint.js'

/** Records named behind a finding. */
const WITNESSES_SHOWN = 5

/** Two or three lines: how grave and where, what is wrong, who works on it. */
export function renderFinding(entry: FindingEntry, credential: string | undefined, paper: Paper): string {
  const { severity, control, reason, status, openedAt, closedAt, assignedTo } = entry
  const grave = severity === 'critical' || severity === 'high'
  const head = paint(
    [
      { text: severity.toUpperCase().padEnd(8), style: grave && status === 'open' ? 'red' : 'bold' },
      plain(` ${credential ?? entry.credential}  `),
      dim(control),
    ],
    paper,
  )
  const since = closedAt === undefined ? `open since ${formatInstant(openedAt)}` : `closed ${formatInstant(closedAt)}`
  const worker = assignedTo === undefined ? '' : `, ${assignedTo} works on it`
  const foot = paint([dim(`         ${since}${worker}${witnessed(entry)}`)], paper)
  return `${head}\n         ${reason}\n${foot}\n`
}

function witnessed({ witnesses }: FindingEntry): string {
  if (witnesses.length === 0) return ''
  const named = witnesses.slice(0, WITNESSES_SHOWN).map((position) => `#${position}`)
  const more = witnesses.length > WITNESSES_SHOWN ? ` +${witnesses.length - WITNESSES_SHOWN}` : ''
  return ` [${named.join(' ')}${more}]`
}
