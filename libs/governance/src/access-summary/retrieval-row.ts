import { isUncovered, keyOf } from '@catena/access-chain'
import type { Activity, Instant, Target } from '@catena/domain'
import { credentialOf, namedCredentialOf, uuidOf } from '@catena/projections'
import type pg from 'pg'
import { isObtained, type Retrieval } from '../history/retrieval.js'
import { shapeOf } from './tally.js'

/** A retrieval with the fact that it was walked from. */
export interface Walked {
  readonly fact: Activity
  /** Of an unwrapping: the credentials that it may have been of. */
  readonly targets?: readonly Target[]
  readonly retrieval: Retrieval
  /** As of this time and any later one it is the same; see `walkSettled`. */
  readonly settledAt: Instant
  /** Sources of the federated logins that its path leads or may lead through: it rests on their clocks. */
  readonly presenters: readonly string[]
}

/** As the table has it; uuids without dashes. */
export type Row = ReturnType<typeof rowOf> & {
  /** Which of the credentials that it may have been of it is about; 0 of most. */
  readonly number: number
}

/** A change of the slot ended it: as of an earlier time nothing had. */
const ENDED_BY_SLOT: ReadonlySet<string | undefined> = new Set(['rotated', 'deleted', 'destroyed'])

/** One for each credential that it may have been. */
export function rowsOf(walked: Walked): Row[] {
  const { fact, targets = [] } = walked
  const facts = targets.length < 2 ? [fact] : targets.map((target) => ({ ...fact, target }))
  return facts.map((one, number) => ({ ...rowOf({ ...walked, fact: one }), number }))
}

function rowOf({ fact, retrieval, presenters, settledAt }: Walked) {
  const { target } = fact
  const { caveats, path, actor, end } = retrieval
  const names = shapeOf(retrieval)
  return {
    fact: uuidOf(fact.factId),
    fact_id: fact.factId,
    credential: (target === undefined ? undefined : credentialOf(target)) ?? null,
    named_credential: target === undefined ? null : namedCredentialOf(target),
    accessor: retrieval.accessor.id,
    at_us: Math.round(fact.occurredAt * 1000),
    obtained: isObtained(retrieval),
    source: fact.source,
    system: target?.system ?? '',
    lease_path: target !== undefined && isLeased(fact) ? `${target.containerName ?? ''}${target.path}` : null,
    end_us: end.at === undefined ? null : Math.round(end.at * 1000),
    federated: presenters.length > 0,
    uncovered: isUncovered([path.reason, actor.reason], caveats),
    body: retrieval,
    settled_us: Math.round(settledAt * 1000),
    slot_end: ENDED_BY_SLOT.has(end.how),
    // Mostly it is the one that recorded the retrieval, too.
    presenters: presenters.some((presenter) => presenter !== fact.source) ? presenters : null,
    shape: uuidOf(JSON.stringify([retrieval.accessor.id, names])),
    names,
  }
}

function isLeased(fact: Activity): boolean {
  return fact.kind === 'lease-issued' || (fact.kind === 'response-unwrapped' && keyOf(fact, 'lease') !== undefined)
}

/** Accessor and names that retrievals count under. */
export type Shape = Pick<Row, 'shape' | 'accessor' | 'names'>

/** Each once. */
export function shapesOf(rows: readonly Row[]): Shape[] {
  const shapes = new Map<string, Shape>()
  for (const { shape, accessor, names } of rows) if (!shapes.has(shape)) shapes.set(shape, { shape, accessor, names })
  return [...shapes.values()]
}

/** So that rows need not repeat them. */
export async function insertShapes(client: pg.ClientBase, shapes: readonly Shape[]): Promise<void> {
  if (shapes.length === 0) return
  await client.query(
    `INSERT INTO governance.shape SELECT shape, accessor, ARRAY(SELECT jsonb_array_elements_text(names))
     FROM jsonb_to_recordset($1::jsonb) AS row (shape uuid, accessor text, names jsonb) ON CONFLICT DO NOTHING`,
    [JSON.stringify(shapes)],
  )
}
