import { uuidOf } from '@catena/projections'
import type pg from 'pg'
import type { Again } from './again.js'
import { microsOf } from './ground-table.js'

/** An entry of what has to be told again, with the place where its last piece ended. */
export interface Waiting {
  readonly number: string
  readonly kind: Again['kind']
  readonly subject: string
  readonly from_us: string
  readonly to_us: string
  readonly after_us: string | null
  readonly after_fact: string | null
}

/** Facts to be walked again. */
export interface Piece {
  /** By uuid of their ids. */
  readonly facts: readonly string[]
  /** Where it ends; undefined: nothing is behind it. */
  readonly end: Place | undefined
}

interface Place {
  readonly us: string
  readonly fact: string
}

/** Who waits for the same waits for both; who is followed already is followed once more. */
export async function noteAgain(client: pg.ClientBase, again: readonly Again[]): Promise<void> {
  if (again.length === 0) return
  const spans = new Map<string, Again>()
  for (const one of again) spans.set(`${one.kind} ${one.subject}`, widened(spans.get(`${one.kind} ${one.subject}`), one))
  const all = [...spans.values()]
  await client.query({
    name: 'feed-again-note',
    text: `INSERT INTO feed_again (kind, subject, from_us, to_us)
      SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[])
      ON CONFLICT (kind, subject) WHERE after_us IS NULL DO UPDATE
        SET from_us = least(feed_again.from_us, excluded.from_us), to_us = greatest(feed_again.to_us, excluded.to_us)`,
    values: [all.map(({ kind }) => kind), all.map(subjectOf), all.map(({ from }) => microsOf(from)), all.map(({ to }) => microsOf(to))],
  })
} // prettier-ignore

function widened(known: Again | undefined, { kind, subject, from, to }: Again): Again {
  return { kind, subject, from: Math.min(from, known?.from ?? from), to: Math.max(to, known?.to ?? to) }
}

/** Names of enders are kept as the grounds have them. */
function subjectOf({ kind, subject }: Again): string {
  return kind === 'slot' || kind === 'ended' ? uuidOf(subject) : subject
}

/** The oldest; undefined: nothing has to be told again. */
export async function firstWaiting(client: Pick<pg.ClientBase, 'query'>): Promise<Waiting | undefined> {
  const { rows } = await client.query<Waiting>({ name: 'feed-again-first', text: 'SELECT * FROM feed_again ORDER BY number LIMIT 1' }) // prettier-ignore
  return rows[0]
}

/** By kind, the facts in the order of a moment. `$1` subject, `$2` and `$3` the span. */
const FOUND: Readonly<Record<Exclude<Again['kind'], 'told'>, { readonly us: string; readonly where: string }>> = {
  slot: { us: 'ender_us', where: 'ender = $1::uuid AND ender_us >= $2 AND at_us <= $3' },
  ended: { us: 'ender_us', where: 'ender = $1::uuid AND ender_us BETWEEN $2 AND $3' },
  clock: { us: 'login_us', where: 'presenter = $1 AND login_us BETWEEN $2 AND $3' },
  coverage: {
    us: 'coalesce(login_us, at_us)',
    where: `uncovered AND $1::text = '' AND coalesce(login_us, at_us) BETWEEN $2 AND $3`,
  },
}

/** The next facts of the entry, at most so many. */
export async function nextPiece(client: pg.ClientBase, waiting: Waiting, limit: number): Promise<Piece> {
  if (waiting.kind === 'told') return nextTold(client, waiting, limit)
  const { us, where } = FOUND[waiting.kind]
  const { rows } = await client.query<Place>({
    name: `feed-again-${waiting.kind}`,
    text: `SELECT fact, ${us}::text AS us FROM feed_ground
      WHERE ${where} AND (${us}, fact) > ($4::bigint, $5::uuid) ORDER BY ${us}, fact LIMIT $6`,
    values: [waiting.subject, waiting.from_us, waiting.to_us, waiting.after_us ?? BEFORE_ALL.us, waiting.after_fact ?? BEFORE_ALL.fact, limit],
  })
  return { facts: rows.map(({ fact }) => fact), end: rows.length < limit ? undefined : rows.at(-1) }
} // prettier-ignore

const NO_FACT = '00000000-0000-0000-0000-000000000000'
const BEFORE_ALL: Place = { us: String(Number.MIN_SAFE_INTEGER), fact: NO_FACT }

/** Of what stands in the feed: there the facts are named by their own ids. */
async function nextTold(client: pg.ClientBase, { from_us, to_us, after_us }: Waiting, limit: number): Promise<Piece> {
  const { rows } = await client.query<{ sequence: string; content: string | null }>(
    `SELECT sequence, convert_from(content, 'UTF8') AS content FROM feed_event
     WHERE sequence >= $1 AND sequence > $2 AND sequence <= $3 ORDER BY sequence LIMIT $4`,
    [from_us, after_us ?? 0, to_us, limit],
  )
  const facts = rows.flatMap(({ content }) => factIn(content) ?? [])
  const last = rows.at(-1)
  const end = last === undefined || rows.length < limit ? undefined : { us: last.sequence, fact: NO_FACT }
  return { facts: [...new Set(facts)], end }
}

function factIn(content: string | null): string | undefined {
  const { chain, reference } = (content === null ? {} : JSON.parse(content)) as { chain?: unknown; reference?: string }
  return chain === undefined || reference === undefined ? undefined : uuidOf(reference)
}

/** Past the piece, in the transaction that tells it. False: another writer was there before. */
export async function movePast(client: pg.ClientBase, { number, after_us, after_fact }: Waiting, { end }: Piece): Promise<boolean> {
  const same = 'number = $1 AND after_us IS NOT DISTINCT FROM $2::bigint AND after_fact IS NOT DISTINCT FROM $3::uuid'
  const { rowCount } =
    end === undefined
      ? await client.query(`DELETE FROM feed_again WHERE ${same}`, [number, after_us, after_fact])
      : await client.query(`UPDATE feed_again SET after_us = $4, after_fact = $5 WHERE ${same}`, [number, after_us, after_fact, end.us, end.fact])
  return rowCount === 1
} // prettier-ignore
