export type State = 'proven' | 'inferred' | 'ambiguous' | 'missing'

export interface Aspect {
  /** Strongest state that the records can justify. */
  readonly most: State
  /** What must be reached. */
  readonly need: State
  /** Who or what it really was, as answers name it. */
  readonly really?: string
  readonly shared?: string
  /** May be told as shared. */
  readonly either?: string
}

/** What really happened, as the generator knows it. */
export interface Truth {
  readonly request: string
  readonly what: string
  readonly path: Aspect
  readonly actor: Aspect
}

export interface Answer {
  readonly state: string
  readonly named?: string | undefined
  readonly candidates?: readonly string[] | undefined
  readonly shared?: string | undefined
}

const RANK: Readonly<Record<string, number>> = { missing: 0, ambiguous: 1, inferred: 2, proven: 3 }

/** What is wrong with an answer; undefined where nothing is. */
export function fault(truth: Aspect, answer: Answer): string | undefined {
  const rank = RANK[answer.state] ?? 9
  if (rank > (RANK[truth.most] ?? 0)) return answer.state === 'proven' ? 'false proven' : 'overclaimed'
  if (rank >= 2 && truth.really !== undefined && answer.named !== truth.really) return 'wrong principal'
  if (rank === 1 && truth.really !== undefined && answer.candidates?.includes(truth.really) !== true)
    return 'the true one is no candidate'
  if (answer.shared !== undefined && answer.shared !== (truth.shared ?? truth.either)) return 'wrong shared identity'
  if (truth.shared !== undefined && answer.shared !== truth.shared) return 'shared identity not found'
  return rank < (RANK[truth.need] ?? 0) ? 'not found' : undefined
}

export function same(state: State, really?: string): Aspect {
  return { most: state, need: state, ...(really === undefined ? {} : { really }) }
}

export const NOBODY: Aspect = { most: 'missing', need: 'missing' }

/** The weaker of two limits. */
export function capped(aspect: Aspect, most: State, need: State = most): Aspect {
  const weaker = (a: State, b: State): State => ((RANK[a] ?? 0) <= (RANK[b] ?? 0) ? a : b)
  return { ...aspect, most: weaker(aspect.most, most), need: weaker(aspect.need, need) }
}
