import { escapeText } from './escape.js'
import { paint, type Paper, type Span } from './paint.js'

export interface Column {
  readonly title: string
  readonly align: 'left' | 'right'
}

/** Rows under dim titles, columns two blanks apart. */
export function paintTable(columns: readonly Column[], rows: readonly (readonly Span[])[], paper: Paper): string {
  const titles = columns.map(({ title }): Span => ({ text: title, style: 'dim' }))
  const all = [titles, ...rows]
  const widths = columns.map((_, index) => Math.max(...all.map((row) => lengthOf(row[index]))))
  const line = (row: readonly Span[]): string =>
    columns
      .map(({ align }, index) => cell(row[index], widths[index] ?? 0, align, paper))
      .join('  ')
      .trimEnd()
  return all.map(line).join('\n')
}

function cell(span: Span | undefined, width: number, align: Column['align'], paper: Paper): string {
  const blanks = ' '.repeat(width - lengthOf(span))
  const text = paint(span === undefined ? [] : [span], paper)
  return align === 'left' ? text + blanks : blanks + text
}

function lengthOf(span: Span | undefined): number {
  return escapeText(span?.text ?? '').length
}
