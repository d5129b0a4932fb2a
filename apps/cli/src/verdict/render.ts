import { formatInstant } from '@catena/domain'
import type { Control, Evaluation, Verdict } from '@catena/governance'
import { dim, paint, plain, wrap, type Paper, type Span, type Style } from '../terminal/paint.js'
import { paintTable } from '../terminal/table.js'

const STYLES: Readonly<Record<Verdict, Style>> = {
  controlled: 'green',
  exception: 'yellow',
  unknown: 'magenta',
  uncontrolled: 'red',
}
/** Width of the longest verdict and the blanks behind it. */
const INDENT = 14

/** Failures first; those that pass last. */
const ORDER: readonly Verdict[] = ['uncontrolled', 'unknown', 'exception', 'controlled']

export function renderVerdict(name: string, { verdict, at, results }: Evaluation, paper: Paper): string {
  const head = paint(
    [{ text: name, style: 'bold' }, plain(' is '), marked(verdict), dim(` on ${formatInstant(at)}`)],
    paper,
  )
  const sorted = [...results].sort((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict))
  const lines = sorted.flatMap((result) => {
    const said = [plain(result.reason), dim(` ${result.control}${positions(result.witnesses)}`)]
    return wrap(said, paper.columns - INDENT).map((line, index) => {
      const first =
        index === 0
          ? paint([marked(result.verdict)], paper) + ' '.repeat(INDENT - result.verdict.length)
          : ' '.repeat(INDENT)
      return first + paint(line, paper)
    })
  })
  return `${[head, ...(lines.length === 0 ? ['No control applies: nothing is known that could be tested.'] : lines)].join('\n')}\n`
}

export function renderControls(controls: readonly Control[], paper: Paper): string {
  const columns = ['control', 'severity', 'question'].map((title) => ({ title, align: 'left' as const }))
  return `${paintTable(columns, controls.map(({ id, severity, question }) => [plain(id), plain(severity), plain(question)]), paper)}\n` // prettier-ignore
}

function marked(verdict: Verdict): Span {
  return { text: verdict.toUpperCase(), style: STYLES[verdict] }
}

function positions(witnesses: readonly number[]): string {
  const shown = witnesses.slice(0, 3).map((position) => `#${position}`)
  const more = witnesses.length > shown.length ? ` +${witnesses.length - shown.length}` : ''
  return shown.length === 0 ? '' : ` [${shown.join(' ')}${more}]`
}
