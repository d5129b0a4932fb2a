import type { Caveat, LinkState } from '@catena/access-chain'
import { dim, NO_BREAK, plain, type Span, type Style } from '../terminal/paint.js'
import type { Branch } from '../terminal/tree.js'

const COLOURS: Readonly<Record<LinkState, Style>> = {
  proven: 'green',
  inferred: 'yellow',
  ambiguous: 'magenta',
  missing: 'red',
}
const STATE_COLUMNS = 'AMBIGUOUS'.length + 1

/** Positions named in a line; `--evidence` and `--json` name all. */
const POSITIONS_SHOWN = 2

export interface Told {
  readonly state: LinkState
  readonly caveats?: readonly Caveat[]
  readonly evidence?: readonly number[]
}

/** Marks of one chain. What rests on the same records as a line above it does not name them again. */
export class Marks {
  private readonly named = new Set<string>()

  /** ` [#12 #13 +2]` */
  positions(evidence: readonly number[]): Span {
    const sorted = [...new Set(evidence)].sort((a, b) => a - b)
    if (sorted.length === 0 || this.named.has(sorted.join())) return plain('')
    this.named.add(sorted.join())
    const shown = sorted.slice(0, POSITIONS_SHOWN).map((position) => `#${position}`)
    const more = sorted.length > shown.length ? [`+${sorted.length - shown.length}`] : []
    return dim(` [${[...shown, ...more].join(NO_BREAK)}]`)
  }

  /** A sentence with its state before it, what weakens it and what proves it behind. */
  statement(told: Told, words: string, label = ''): Branch {
    const caveats = told.caveats ?? []
    return {
      head: [{ text: label, style: 'bold' }, stateMark(told.state)],
      text: [
        plain(words),
        ...(caveats.length === 0 ? [] : [{ text: `; but ${caveats.join(', ')}`, style: 'yellow' as const }]),
        this.positions(told.evidence ?? []),
      ],
    }
  }
}

function stateMark(state: LinkState): Span {
  return { text: state.toUpperCase().padEnd(STATE_COLUMNS), style: COLOURS[state] }
}
