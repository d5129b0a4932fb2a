import type { RecordedDecision } from '@catena/ledger'
import type pg from 'pg'

/**
 * A read model of decisions: rows for lists, folded from the streams in the order of positions. Its tables live in the schema `decisions`,
 * made by a migration, and only the runner writes them. Rules are never decided on its rows: a decider reads its stream.
 */
export interface DecisionView {
  /** Of its checkpoint. */
  readonly name: string
  /** Raised when rows would come out differently: the view is then folded anew. */
  readonly version: string
  /** Deletes all rows; readers see the old ones until the fold commits, so no TRUNCATE. */
  clear(client: pg.ClientBase): Promise<void>
  /** Folds decisions that follow those folded before; types that it does not know are passed over. */
  apply(client: pg.ClientBase, decisions: readonly RecordedDecision[]): Promise<void>
}
