import type { Ledger, LedgerEvent } from '@catena/ledger'
import { interpretEvent, type AccessReader, type Interpretation } from '@catena/projections'

export interface NewsSource {
  readonly ledger: Pick<Ledger, 'read' | 'readAt'>
  readonly reader: AccessReader
  readonly interpretation: Interpretation
}

/** What the ledger tells after one position, up to and with another. */
export interface News {
  readonly after: number
  readonly to: number
  /** Of the facts that it tells of. */
  readonly factIds: readonly string[]
  /** Decisions are all among them, records may be. */
  readonly events: readonly LedgerEvent[]
}

/** What follows a position, of what the access index holds: so many events at most. Where the thread that keeps the index told of it, decisions alone are read. */
export async function readNews(source: NewsSource, after: number, projected: number, limit: number): Promise<News> {
  const to = Math.min(after + limit, projected)
  const heard = source.reader.heard(after, to)
  if (heard === undefined) return readAll(source, after, projected, limit)
  const { decisions } = heard
  const events = decisions.length === 0 ? [] : await source.ledger.readAt(decisions)
  return { after, to, factIds: distinct(heard.mentions), events }
}

async function readAll(
  { ledger, reader, interpretation }: NewsSource,
  after: number,
  projected: number,
  limit: number,
): Promise<News> {
  const read = await ledger.read(after, Math.min(limit, projected - after))
  const events = read.filter(({ position }) => position <= projected)
  // A page ends before what was moved to an archive; more stands behind that, and what is in it can be attached again.
  const to = events.at(-1)?.position ?? Math.min(after + limit, projected)
  // The walk asks for the clocks of the same records: they are interpreted once for both. Where one of them is gone, each for itself.
  const isWhole = events.length > 0 && to - after === events.length
  const shared = isWhole ? await reader.observations(after, to) : undefined
  const observed = shared ?? events.flatMap((event) => interpretEvent(event, interpretation) ?? [])
  return { after, to, factIds: distinct(observed), events }
}

function distinct(told: readonly { readonly factId: string }[]): string[] {
  return [...new Set(told.map(({ factId }) => factId))]
}
