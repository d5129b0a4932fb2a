export type State = 'proven' | 'inferred' | 'ambiguous' | 'missing'

/** What the records justify about one aspect of a chain. Names as the recording's judge reads them: `idp-session:…`, `ci-attempt:…`, `person:…`. */
export interface Aspect {
  /** The strongest state that the records can justify. */
  readonly max: State
  /** The state that must be reached. */
  readonly need: State
  /** What it really was, where an answer can name it. */
  readonly truth?: string
  readonly through?: string
  readonly principal?: string
  /** Key of the principal inside its system, where its name can be given again. */
  readonly key?: string
  readonly shared?: string
  /** An ambiguous answer lists at least these, and at most those. */
  readonly candidates_min?: readonly string[]
  readonly candidates_max?: readonly string[]
}

const RANK: Readonly<Record<State, number>> = { missing: 0, ambiguous: 1, inferred: 2, proven: 3 }

export const NOBODY: Aspect = { max: 'missing', need: 'missing' }

export function same(state: State, more: Omit<Aspect, 'max' | 'need'> = {}): Aspect {
  return { max: state, need: state, ...more }
}

/** The aspect under a limit: `max` is claimed at most, and more than `need` is not asked for. */
export function capped(aspect: Aspect, max: State, need: State = max): Aspect {
  return { ...aspect, max: weaker(aspect.max, max), need: weaker(aspect.need, need) }
}

function weaker(a: State, b: State): State {
  return RANK[a] <= RANK[b] ? a : b
}
