import type { ManyStreams } from '@catena/ledger'
import type pg from 'pg'
import type { AccessSummary } from '../ports/access-summary.js'
import type { Directory, Owners } from '../ports/people.js'
import type { RightEnds } from '../ports/right-ends.js'

/** Where campaigns are run from: the ledger, the views, and what others know. */
export interface RecertificationDesk {
  readonly streams: ManyStreams
  /** As the application's role. */
  readonly pool: pg.Pool
  readonly summary: AccessSummary
  readonly owners: Owners
  readonly directory: Directory
  /** Undefined: only the end of what was obtained verifies. */
  readonly rightEnds?: RightEnds
}
