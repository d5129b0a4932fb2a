import type { Conservation } from './conservation.js'
import type { SourceDelay } from './delays.js'

/** Reads by which an operator sees that nothing is lost and nothing lags. */
export interface IntakeHealth {
  conservation(): Promise<Conservation>
  /** Of the sources among the newest events, ordered by source; of others nothing recent is known. */
  delays(): Promise<SourceDelay[]>
}
