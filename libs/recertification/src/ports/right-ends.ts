import type { Instant } from '@catena/domain'
import type { AccessRow, SeenEnd } from './access-summary.js'

/** An order whose end is looked for. */
export interface OrderedEnd {
  readonly order: string
  readonly orderedAt: Instant
  readonly credential: string
  readonly accessor: AccessRow['accessor']
}

/** Whether records show that the right itself was taken away where it had been given: out of the group, the client off. */
export interface RightEnds {
  /** Undefined: they do not, or something that was obtained by the right lives on where no record would tell of its use. */
  endOf(order: OrderedEnd): Promise<SeenEnd | undefined>
}
