import type { JoinedTo, Provability } from './provability.js'
import type { LoginPlace } from './survey.js'
import type { Setting } from './words.js'

/** A change that would let a hop be known better. */
export interface Advice {
  /** All of them are needed together. */
  readonly settings: readonly Setting[]
  readonly becomes: Provability
  /** Retrievals of these days whose hop is weaker than that. Records of the past are not changed by it: as many in the next such days. */
  readonly helps: number
}

/** One hop from a place of login, how far it can be known, and why. */
export interface JoinableHop {
  readonly place: LoginPlace
  readonly joins: JoinedTo
  readonly provability: Provability
  readonly why: string
  /** From what it was seen that claims are recorded: the role's recorded configuration, or the records of logins. */
  readonly basis: 'configuration' | 'records' | 'declaration'
  readonly advice: readonly Advice[]
  readonly retrievals: Readonly<Record<'proven' | 'inferred' | 'ambiguous' | 'missing', number>>
  readonly evidence: readonly number[]
}
