import { paint, wrap, type Paper, type Span } from './paint.js'

export interface Branch {
  /** Stands before the text on its first line; further lines are indented by its width. */
  readonly head?: readonly Span[]
  readonly text: readonly Span[]
  readonly branches?: readonly Branch[]
}

/** Narrower than this, text beside a tree is no longer readable: lines then grow beyond the terminal. */
const TEXT_COLUMNS_MIN = 30

/** A trunk with its branches, ending without a line feed. */
export function paintTree(trunk: Branch, paper: Paper): string {
  return linesOf(trunk, '', '', paper).join('\n')
}

function linesOf(branch: Branch, first: string, rest: string, paper: Paper): string[] {
  const { head = [], text, branches = [] } = branch
  const indent = widthOf(head)
  const width = Math.max(TEXT_COLUMNS_MIN, paper.columns - first.length - indent)
  const stem = branches.length > 0 ? '│' : ' '
  const further = indent === 0 ? '' : `${stem}${' '.repeat(indent - 1)}`
  const own = wrap(text, width).map((line, index) => {
    const lead = index === 0 ? [grey(first), ...head] : [grey(`${rest}${further}`)]
    return paint([...lead, ...line], paper).trimEnd()
  })
  return [...own, ...branches.flatMap((child, index) => childLines(child, index === branches.length - 1, rest, paper))]
}

function childLines(child: Branch, isLast: boolean, rest: string, paper: Paper): string[] {
  return linesOf(child, `${rest}${isLast ? '└─ ' : '├─ '}`, `${rest}${isLast ? '   ' : '│  '}`, paper)
}

function grey(text: string): Span {
  return { text, style: 'dim' }
}

function widthOf(spans: readonly Span[]): number {
  return spans.reduce((width, { text }) => width + text.length, 0)
}
