import type { Decided, Caller } from '@catena/domain'
import type { ManyStreams } from '@catena/ledger'
import type { Clock } from '@catena/platform'
import type pg from 'pg'

/** Where commands are decided and views of decisions are read. */
export interface DecisionDesk {
  readonly streams: ManyStreams
  /** Reads of views; as the application's role. */
  readonly pool: pg.Pool
  readonly clock: Clock
}

/** Under which a DecisionDesk is provided. */
export const DECISIONS = Symbol('decision desk')

/** Who decides, now. */
export function decidedBy({ clock }: Pick<DecisionDesk, 'clock'>, caller: Caller): Decided {
  return { actor: caller.id, at: clock.now() }
}
