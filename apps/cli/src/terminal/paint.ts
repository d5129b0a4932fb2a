import { escapeText } from './escape.js'

export type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'magenta' | 'red'

/** A piece of a line. Its text is data: it is escaped when it is painted. */
export interface Span {
  readonly text: string
  readonly style?: Style
}

export interface Paper {
  readonly columns: number
  readonly colour: boolean
}

/** A blank at which no line is broken; painted as a blank. */
export const NO_BREAK = '\u00a0'

const CODES: Readonly<Record<Style, string>> = {
  bold: '1',
  dim: '2',
  green: '32',
  yellow: '33',
  magenta: '35',
  red: '31',
}

export function paint(spans: readonly Span[], { colour }: Pick<Paper, 'colour'>): string {
  return spans
    .map(({ text, style }) => {
      const safe = escapeText(text).replaceAll(NO_BREAK, ' ')
      return colour && style !== undefined && safe !== '' ? `\u001b[${CODES[style]}m${safe}\u001b[0m` : safe
    })
    .join('')
}

export function plain(text: string): Span {
  return { text }
}

export function dim(text: string): Span {
  return { text, style: 'dim' }
}

/** Lines of at most `width` characters, broken at blanks; a longer word has a line of its own. */
export function wrap(spans: readonly Span[], width: number): Span[][] {
  const lines: Span[][] = [[]]
  let used = 0
  for (const word of spans.flatMap(wordsOf)) {
    const length = escapeText(word.text.trimEnd()).length
    if (used > 0 && used + length > width) {
      lines.push([])
      used = 0
    }
    const shown = used === 0 && lines.length > 1 ? { ...word, text: word.text.trimStart() } : word
    lines.at(-1)?.push(shown)
    used += escapeText(shown.text).length
  }
  return lines.map(withoutTrailingBlank)
}

/** Words with the blank behind them. */
function wordsOf({ text, style }: Span): Span[] {
  const words = text.match(/ *[^ ]+ */g) ?? (text === '' ? [] : [text])
  return words.map((word) => (style === undefined ? { text: word } : { text: word, style }))
}

function withoutTrailingBlank(line: readonly Span[]): Span[] {
  return line.map((span, index) => (index === line.length - 1 ? { ...span, text: span.text.trimEnd() } : span))
}
