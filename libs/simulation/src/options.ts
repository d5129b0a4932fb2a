import { DAY } from './engine/time.js'

/** Sources of a simulated organisation, by their ids in its `catena.yaml`. */
export const SOURCES = ['vault', 'keycloak', 'github', 'aws', 'kubernetes', 'okta', 'agents', 'tickets'] as const
export type SourceId = (typeof SOURCES)[number]

/** What goes wrong between what happened and what is read. */
export interface Faults {
  /** Lines change places with others up to some thousand lines away. */
  readonly shuffle: boolean
  /** Three lines of a hundred are written twice. */
  readonly duplicate: boolean
  /** Two lines of a hundred are written much later than they were made. */
  readonly delay: boolean
  /** This source's records of one busy hour are lost, and the hour is declared as a gap. */
  readonly dropSource: SourceId | undefined
  /** The clock of the identity provider is ahead, and that of the CI host behind, by so much, ms. */
  readonly skewMs: number
  /** A repository is renamed half-way, and another takes its old name. */
  readonly renameRepository: boolean
  /** Somebody leaves and is deleted; a newcomer gets the same login name and e-mail address. */
  readonly recycleLogin: boolean
}

export interface SimulationOptions {
  readonly seed: number
  readonly people: number
  readonly credentials: number
  readonly days: number
  /** Records a simulated day, about. */
  readonly rate: number
  /**
   * Whatever obtains a secret has an identity of its own that records tie to it: no role of a fleet, no account with a password, no token handed on,
   * no issuer that nobody declared.
   */
  readonly wellKept: boolean
  /** Kinds of incidents to plant, each with its legitimate twin. */
  readonly incidents: 'all' | readonly string[]
  /** First moment, ms. */
  readonly start: number
  readonly faults: Faults
}

export const NO_FAULTS: Faults = {
  shuffle: false,
  duplicate: false,
  delay: false,
  dropSource: undefined,
  skewMs: 0,
  renameRepository: false,
  recycleLogin: false,
}

/** A month of fifty people. */
export const SIMULATION_DEFAULTS: SimulationOptions = {
  seed: 1,
  people: 50,
  credentials: 200,
  days: 30,
  rate: 2_000,
  wellKept: false,
  incidents: 'all',
  start: Date.UTC(2026, 0, 5),
  faults: NO_FAULTS,
}

/** Last moment, ms; the directory is exported then. */
export function endOf({ start, days }: SimulationOptions): number {
  return start + days * DAY
}
