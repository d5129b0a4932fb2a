import type { Activity } from '@catena/domain'
import { encodeRows } from '@catena/platform'
import type { AccessReader, KnownAsOf, Stretch } from '@catena/projections'
import { writeRow } from './encode-row.js'
import { rowsOf, shapesOf, type Shape } from './retrieval-row.js'
import { walkRetrievals } from './walk-retrievals.js'

/** Retrievals of a stretch of time, ready to be copied. Plain data: it may come from another thread. */
export interface WalkedStretch {
  /** Rows as COPY takes them; undefined: there are none. */
  readonly rows: Uint8Array<ArrayBuffer> | undefined
  readonly shapes: readonly Shape[]
}

/** Walks all retrievals of a stretch, as of one state of knowledge. */
export async function walkStretch(reader: AccessReader, asOf: KnownAsOf, stretch: Stretch): Promise<WalkedStretch> {
  const facts = await factsIn(reader, asOf, stretch)
  if (facts.length === 0) return { rows: undefined, shapes: [] }
  const rows = (await walkRetrievals(reader, asOf, facts)).flatMap(rowsOf)
  return { rows: new Uint8Array(encodeRows(rows, writeRow)), shapes: shapesOf(rows) }
}

/** Read at once; more only where that many are of one moment. */
const READ_AT_ONCE = 2_000

async function factsIn(reader: AccessReader, asOf: KnownAsOf, stretch: Stretch): Promise<Activity[]> {
  const facts: Activity[] = []
  for (let after: readonly string[] | undefined; ;) {
    const { items, hasMore } = await reader.facts(asOf, stretch, { limit: READ_AT_ONCE, after })
    for (const { item } of items) facts.push(item)
    after = items.at(-1)?.place
    if (!hasMore || after === undefined) return facts
  }
}
