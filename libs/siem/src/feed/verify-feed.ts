import { Beside, Tombstones, type LookedAt, type OnLooked } from '@catena/ledger'
import type pg from 'pg'
import { readFeedHead } from './feed-table.js'

/** Entries read at once. */
const PAGE = 5_000

interface Row {
  readonly sequence: string
  readonly bytes_total: string
  readonly bytes: number | null
  readonly is_altered: boolean | null
  readonly follows: boolean
  readonly highest: string | null
  /** Of an entry without content. */
  readonly positions: readonly string[] | null
}

const ENTRIES = `SELECT sequence, bytes_total, octet_length(content) AS bytes,
    substr(encode(sha256(content), 'hex'), 1, 16) <> content_hash AS is_altered,
    revision = 1 OR EXISTS (SELECT FROM feed_event b WHERE b.id = e.id AND b.revision = e.revision - 1 AND b.sequence < e.sequence) AS follows,
    (SELECT max(position) FROM unnest(positions) AS position) AS highest, CASE WHEN content IS NULL THEN positions END AS positions
  FROM feed_event e WHERE sequence > $1 AND sequence <= $2 ORDER BY sequence LIMIT $3`

/**
 * Reads the feed against its own rules, beside whoever writes it: sequences without a hole, contents that have their hashes, revisions that follow each
 * other, entries that rest on what the ledger has, and no content gone but what a tombstone took. An entry that was changed together with its hash passes.
 */
export async function verifyFeed(pool: pg.Pool, onLooked?: OnLooked): Promise<LookedAt> {
  const head = await readFeedHead(pool)
  const { rows } = await pool.query<{ position: string }>('SELECT position FROM ledger_head')
  const ledgerEnd = Number(rows[0]?.position ?? 0)
  const beside = new Beside()
  const [tombstones, before] = [new Tombstones(pool), { sequence: 0, bytesTotal: 0 }]
  for await (const page of pagesUpTo(pool, head.sequence)) {
    for (const row of page) {
      const sequence = Number(row.sequence)
      const say = (what: string): void => beside.add(`entry ${sequence} of the feed ${what}`)
      beside.count += 1
      if (sequence > before.sequence + 1) beside.add(holeOf(before.sequence + 1, sequence - 1))
      else if (!fitsBytes(row, before.bytesTotal)) say('does not count its bytes on from the one before')
      if (row.is_altered === true) say('does not have the hash stored with it')
      if (!row.follows) say('has no revision before it')
      if (Number(row.highest ?? 0) > ledgerEnd) say(`rests on position ${row.highest ?? ''}, and the ledger ends at ${ledgerEnd}`) // prettier-ignore
      if (row.positions !== null && !(await isErased(tombstones, row.positions))) say('has lost its content, and no tombstone names what it rests on') // prettier-ignore
      Object.assign(before, { sequence, bytesTotal: Number(row.bytes_total) })
    }
    onLooked?.(before.sequence, head.sequence)
  }
  if (before.sequence < head.sequence) beside.add(holeOf(before.sequence + 1, head.sequence))
  if (head.position > ledgerEnd) beside.add(`the feed was derived up to position ${head.position}, and the ledger ends at ${ledgerEnd}`) // prettier-ignore
  const { rows: beyond } = await pool.query<{ sequence: string }>('SELECT min(e.sequence) AS sequence FROM feed_event e, feed_head h WHERE e.sequence > h.sequence HAVING count(*) > 0') // prettier-ignore
  for (const { sequence } of beyond) beside.add(`entry ${sequence} of the feed stands behind its end`)
  return beside.lookedAt
}

async function* pagesUpTo(pool: pg.Pool, end: number): AsyncGenerator<readonly Row[]> {
  for (let after = 0; after < end;) {
    const { rows } = await pool.query<Row>(ENTRIES, [after, end, PAGE])
    yield rows
    after = Number(rows.at(-1)?.sequence ?? end)
  }
}

/** What was erased counted its bytes when it was written, or had none. */
function fitsBytes({ bytes, bytes_total: total }: Row, before: number): boolean {
  return bytes === null ? Number(total) >= before : Number(total) === before + bytes
}

function holeOf(first: number, last: number): string {
  return first === last ? `entry ${first} of the feed is not there` : `entries ${first} to ${last} of the feed are not there` // prettier-ignore
}

async function isErased(tombstones: Tombstones, positions: readonly string[]): Promise<boolean> {
  return (await tombstones.unnamed(positions.map(Number))).length < positions.length
}
