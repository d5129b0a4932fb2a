import { decodeDecision, type DecisionStreams, type Ledger, type RecordedDecision } from '@catena/ledger'
import { transaction } from '@catena/platform'
import type pg from 'pg'
import type { DecisionView } from './view.js'

/** Decisions folded at once. */
const BATCH_DECISIONS_MAX = 2_000

export type DecisionLog = Pick<DecisionStreams, 'readDecisions'> & Pick<Ledger, 'head' | 'waitForAppend'>

/** Another process moved the view's checkpoint. */
export class ViewMoved extends Error {}

/** Folds what the view has not read yet, anew from the beginning where its version changed; returns the position it reached. */
export async function foldView(client: pg.Client, log: DecisionLog, view: DecisionView): Promise<number> {
  const stands = await checkpointOf(client, view.name)
  if (stands?.version !== view.version) return foldAnew(client, log, view)
  let position = stands.position
  for (;;) {
    const { decisions, reached } = await nextOf(log, position)
    if (reached === position) return position
    await transaction(client, async () => {
      await move(client, view, position, reached)
      await view.apply(client, decisions)
    })
    position = reached
  }
}

/** In one transaction: readers have the old rows until it commits. */
function foldAnew(client: pg.Client, log: DecisionLog, view: DecisionView): Promise<number> {
  return transaction(client, async () => {
    await client.query(
      `INSERT INTO decisions.view (name, version, position) VALUES ($1, $2, 0)
       ON CONFLICT (name) DO UPDATE SET version = $2, position = 0`,
      [view.name, view.version],
    )
    await view.clear(client)
    let position = 0
    for (;;) {
      const { decisions, reached } = await nextOf(log, position)
      if (reached === position) return position
      await view.apply(client, decisions)
      await move(client, view, position, reached)
      position = reached
    }
  })
}

/** The head is read first: what was appended in between is read the next time. */
async function nextOf(log: DecisionLog, after: number): Promise<{ decisions: RecordedDecision[]; reached: number }> {
  const head = await log.head()
  const events = await log.readDecisions(after, BATCH_DECISIONS_MAX)
  const last = events.at(-1)?.position ?? after
  const reached = events.length === BATCH_DECISIONS_MAX ? last : Math.max(head, last)
  return { decisions: events.flatMap((event) => decodeDecision(event) ?? []), reached }
}

async function move(client: pg.Client, view: DecisionView, from: number, to: number): Promise<void> {
  const { rowCount } = await client.query(
    'UPDATE decisions.view SET position = $3 WHERE name = $1 AND version = $4 AND position = $2',
    [view.name, from, to, view.version],
  )
  if (rowCount !== 1) throw new ViewMoved(`${view.name} was moved by another process`)
}

async function checkpointOf(
  client: pg.Client,
  name: string,
): Promise<{ version: string; position: number } | undefined> {
  const { rows } = await client.query<{ version: string; position: string }>(
    'SELECT version, position FROM decisions.view WHERE name = $1',
    [name],
  )
  const [row] = rows
  return row === undefined ? undefined : { version: row.version, position: Number(row.position) }
}
