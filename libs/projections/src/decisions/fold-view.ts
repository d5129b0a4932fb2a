import {
  decodeDecision,
  positionsNamedBy,
  isTombstone,
  type DecisionStreams,
  type Ledger,
  type LedgerEvent,
  type RecordedDecision,
} from '@catena/ledger'
import { transaction } from '@catena/platform'
import type pg from 'pg'
import type { DecisionView } from './view.js'

/** Decisions folded at once. */
const BATCH_DECISIONS_MAX = 2_000

export type DecisionLog = Pick<DecisionStreams, 'readDecisions'> & Pick<Ledger, 'head' | 'waitForAppend'>

/** Another process moved the checkpoint of a view. */
export class ViewMoved extends Error {}

/**
 * Folds what the views have not read yet, anew from the beginning where a version changed; returns the position that all of them reached. Views that
 * stand at the same position, as they mostly do, read together and commit together.
 */
export async function foldViews(client: pg.Client, log: DecisionLog, views: readonly DecisionView[]): Promise<number> {
  const [stands, head] = [await renewed(client, log, views), await log.head()]
  const positions = new Set(views.map(({ name }) => stands.get(name)?.position ?? 0))
  for (const from of positions) {
    const together = views.filter(({ name }) => stands.get(name)?.position === from)
    await foldTogether(client, log, together, { from, to: head })
  }
  return head
}

/** Where the views stand, once those of another version are folded anew. */
async function renewed(client: pg.Client, log: DecisionLog, views: readonly DecisionView[]): ReturnType<typeof checkpointsOf> {
  const stands = await checkpointsOf(client)
  const changed = views.filter(({ name, version }) => stands.get(name)?.version !== version)
  for (const view of changed) await foldAnew(client, log, view)
  return changed.length === 0 ? stands : checkpointsOf(client)
} // prettier-ignore

interface Span {
  readonly from: number
  readonly to: number
}

/** A view that cannot be folded keeps none of those before it from being folded. */
async function foldTogether(client: pg.Client, log: DecisionLog, views: readonly DecisionView[], { from, to }: Span): Promise<void> {
  for (let position = from; position < to;) {
    const { decisions, erased, reached } = await nextOf(log, position, to)
    try {
      if (await takesDecisions(client, erased)) {
        for (const view of views) await foldAnew(client, log, view)
        return
      }
      await foldBatch(client, views, decisions, { from: position, to: reached })
    } catch (error) {
      if (views.length === 1) throw error
      for (const view of views) await foldTogether(client, log, [view], { from: position, to })
      return
    }
    position = reached
  }
} // prettier-ignore

function foldBatch(client: pg.Client, views: readonly DecisionView[], decisions: readonly RecordedDecision[], span: Span): Promise<void> {
  return transaction(client, async () => {
    await move(client, views, span)
    if (decisions.length > 0) for (const view of views) await view.apply(client, decisions)
  })
} // prettier-ignore

/** In one transaction: readers have the old rows until it commits. */
function foldAnew(client: pg.Client, log: DecisionLog, view: DecisionView): Promise<void> {
  return transaction(client, async () => {
    await client.query(
      `INSERT INTO decisions.view (name, version, position) VALUES ($1, $2, 0)
       ON CONFLICT (name) DO UPDATE SET version = $2, position = 0`,
      [view.name, view.version],
    )
    await view.clear(client)
    const head = await log.head()
    for (let position = 0; position < head;) {
      const { decisions, reached } = await nextOf(log, position, head)
      await view.apply(client, decisions)
      await move(client, [view], { from: position, to: reached })
      position = reached
    }
  })
}

interface Next {
  readonly decisions: RecordedDecision[]
  /** Positions that tombstones among them name. */
  readonly erased: readonly number[]
  readonly reached: number
}

/** `to`: no later than the head of the ledger. */
async function nextOf(log: DecisionLog, after: number, to: number): Promise<Next> {
  const read = await log.readDecisions(after, BATCH_DECISIONS_MAX)
  const events = read.filter(({ position }) => position <= to)
  const reached = read.length === BATCH_DECISIONS_MAX ? (events.at(-1)?.position ?? to) : to
  return { decisions: events.flatMap((event) => decodeDecision(event) ?? []), erased: events.flatMap(erasedBy), reached }
} // prettier-ignore

function erasedBy(event: LedgerEvent): number[] {
  return isTombstone(event) ? positionsNamedBy(event.payload) : []
}

/** What was erased and is a decision may have been folded before: the views then know nothing of it only if they are folded anew. */
async function takesDecisions(client: pg.Client, erased: readonly number[]): Promise<boolean> {
  if (erased.length === 0) return false
  const { rowCount } = await client.query(
    'SELECT FROM event WHERE position = ANY($1::bigint[]) AND stream_version IS NOT NULL LIMIT 1',
    [erased],
  )
  return rowCount !== 0
}

async function move(client: pg.Client, views: readonly DecisionView[], { from, to }: Span): Promise<void> {
  const { rowCount } = await client.query(
    `UPDATE decisions.view SET position = $4 FROM unnest($1::text[], $2::text[]) AS moved (name, version)
     WHERE view.name = moved.name AND view.version = moved.version AND view.position = $3`,
    [views.map(({ name }) => name), views.map(({ version }) => version), from, to],
  )
  if (rowCount !== views.length)
    throw new ViewMoved(`another process moved ${views.map(({ name }) => name).join(', ')}`)
}

async function checkpointsOf(client: pg.Client): Promise<Map<string, { version: string; position: number }>> {
  const { rows } = await client.query<{ name: string; version: string; position: string }>(
    'SELECT name, version, position FROM decisions.view',
  )
  return new Map(rows.map(({ name, version, position }) => [name, { version, position: Number(position) }]))
}
