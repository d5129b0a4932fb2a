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
  readonly passed: readonly Passed[]
}

interface Passed {
  readonly waiting: Waiting
  /** Where the piece ends in this entry; undefined: nothing is behind it. */
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

/** Entries looked at together: a rotation of a credential that few had read must not cost a transaction of its own. */
const ENTRIES_MAX = 50

/** The oldest, and those of its kind that come soon after; none: nothing has to be told again. */
export async function oldestWaiting(client: Pick<pg.ClientBase, 'query'>): Promise<readonly Waiting[]> {
  const { rows } = await client.query<Waiting>({
    name: 'feed-again-oldest',
    text: 'SELECT * FROM feed_again ORDER BY number LIMIT $1',
    values: [ENTRIES_MAX],
  })
  return rows.filter(({ kind }) => kind === rows[0]?.kind)
}

/** By kind, the facts in the order of a moment. */
const FOUND: Readonly<Record<Exclude<Again['kind'], 'told'>, { readonly us: string; readonly where: string }>> = {
  slot: { us: 'ender_us', where: 'ender = subject::uuid AND ender_us >= from_us AND at_us <= to_us' },
  ended: { us: 'ender_us', where: 'ender = subject::uuid AND ender_us BETWEEN from_us AND to_us' },
  clock: { us: 'login_us', where: 'presenter = subject AND login_us BETWEEN from_us AND to_us' },
  sessions: { us: 'at_us', where: 'issuer = subject AND at_us BETWEEN from_us AND to_us' },
  coverage: {
    us: 'coalesce(login_us, at_us)',
    where: 'uncovered AND coalesce(login_us, at_us) BETWEEN from_us AND to_us',
  },
}

/** The next facts of these entries, which are of one kind: at most so many, of one entry after the other. */
export async function nextPiece(client: pg.ClientBase, entries: readonly Waiting[], limit: number): Promise<Piece> {
  const [oldest] = entries
  if (oldest === undefined) return { facts: [], passed: [] }
  if (oldest.kind === 'told') return nextTold(client, oldest, limit)
  const { us, where } = FOUND[oldest.kind]
  const { rows } = await client.query<Place & { entry: number }>({
    name: `feed-again-${oldest.kind}`,
    text: `SELECT (entry - 1)::int AS entry, found.fact, found.us::text AS us
      FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::uuid[]) WITH ORDINALITY AS waiting (subject, from_us, to_us, after_us, after_fact, entry)
      CROSS JOIN LATERAL (SELECT fact, ${us} AS us FROM feed_ground
        WHERE ${where} AND (${us}, fact) > (after_us, after_fact) ORDER BY ${us}, fact LIMIT $6) found
      ORDER BY entry, found.us, fact LIMIT $6`,
    values: [
      entries.map(({ subject }) => subject),
      entries.map(({ from_us }) => from_us),
      entries.map(({ to_us }) => to_us),
      entries.map(({ after_us }) => after_us ?? BEFORE_ALL.us),
      entries.map(({ after_fact }) => after_fact ?? BEFORE_ALL.fact),
      limit,
    ],
  })
  const facts = [...new Set(rows.map(({ fact }) => fact))]
  const last = rows.length < limit ? undefined : rows.at(-1)
  const reached = last === undefined ? entries : entries.slice(0, last.entry + 1)
  return { facts, passed: reached.map((waiting, entry) => ({ waiting, end: entry === last?.entry ? last : undefined })) }
} // prettier-ignore

const NO_FACT = '00000000-0000-0000-0000-000000000000'
const BEFORE_ALL: Place = { us: String(Number.MIN_SAFE_INTEGER), fact: NO_FACT }

/** Of what stands in the feed: there the facts are named by their own ids. */
async function nextTold(client: pg.ClientBase, waiting: Waiting, limit: number): Promise<Piece> {
  const { from_us, to_us, after_us } = waiting
  const { rows } = await client.query<{ sequence: string; content: string | null }>(
    `SELECT sequence, convert_from(content, 'UTF8') AS content FROM feed_event
     WHERE sequence >= $1 AND sequence > $2 AND sequence <= $3 ORDER BY sequence LIMIT $4`,
    [from_us, after_us ?? 0, to_us, limit],
  )
  const facts = rows.flatMap(({ content }) => factIn(content) ?? [])
  const last = rows.at(-1)
  const end = last === undefined || rows.length < limit ? undefined : { us: last.sequence, fact: NO_FACT }
  return { facts: [...new Set(facts)], passed: [{ waiting, end }] }
}

function factIn(content: string | null): string | undefined {
  const { chain, reference } = (content === null ? {} : JSON.parse(content)) as { chain?: unknown; reference?: string }
  return chain === undefined || reference === undefined ? undefined : uuidOf(reference)
}

const SAME = `feed_again.number = old.number AND feed_again.from_us = old.from_us AND feed_again.to_us = old.to_us
  AND feed_again.after_us IS NOT DISTINCT FROM old.after_us AND feed_again.after_fact IS NOT DISTINCT FROM old.after_fact`

/** Past the piece, in the transaction that tells it. False: another writer was there before, or widened what is passed. */
export async function movePast(client: pg.ClientBase, { passed }: Piece): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'feed-again-past',
    text: `WITH old AS (SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::uuid[], $6::bigint[], $7::uuid[])
        AS passed (number, from_us, to_us, after_us, after_fact, end_us, end_fact)),
      done AS (DELETE FROM feed_again USING old WHERE ${SAME} AND end_us IS NULL RETURNING 1),
      begun AS (UPDATE feed_again SET after_us = end_us, after_fact = end_fact FROM old WHERE ${SAME} AND end_us IS NOT NULL RETURNING 1)
      SELECT FROM done UNION ALL SELECT FROM begun`,
    values: [
      passed.map(({ waiting }) => waiting.number),
      passed.map(({ waiting }) => waiting.from_us),
      passed.map(({ waiting }) => waiting.to_us),
      passed.map(({ waiting }) => waiting.after_us),
      passed.map(({ waiting }) => waiting.after_fact),
      passed.map(({ end }) => end?.us ?? null),
      passed.map(({ end }) => end?.fact ?? null),
    ],
  })
  return rowCount === passed.length
} // prettier-ignore
