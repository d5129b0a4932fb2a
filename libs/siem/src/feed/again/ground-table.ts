import { uuidOf } from '@catena/projections'
import type pg from 'pg'
import type { Ground } from './ground.js'

/** Keeps them as they stand now; what rests on nothing any more is forgotten. In the transaction that tells the chains. */
export async function keepGrounds(client: pg.ClientBase, grounds: readonly Ground[]): Promise<void> {
  if (grounds.length === 0) return
  const rows = grounds.map(rowsOf)
  // Looked up one by one: joined to those told, the server reads the whole table for as long as that looks cheap.
  await client.query({
    name: 'feed-grounds-gone',
    text: `DELETE FROM feed_ground WHERE ctid = ANY (ARRAY(
      SELECT gone.row FROM unnest($1::uuid[], $2::int[]) AS kept (fact, rows)
      CROSS JOIN LATERAL (SELECT ctid AS row FROM feed_ground WHERE fact = kept.fact AND number >= kept.rows OFFSET 0) gone))`,
    values: [grounds.map(({ factId }) => uuidOf(factId)), rows.map(({ length }) => length)],
  })
  const kept = rows.flat()
  if (kept.length > 0) await upsert(client, kept)
}

interface Row {
  readonly fact: string
  readonly number: number
  readonly at: number
  readonly ender: string | null
  readonly enderAt: number | null
  readonly login: Ground['logins'][number] | undefined
  readonly isUncovered: boolean
}

/** One for each federated login, the first of them with what may end what was obtained; one without a login where there is none, and none for nothing. */
function rowsOf({ factId, at, ender, logins, isUncovered }: Ground): Row[] {
  if (ender === undefined && logins.length === 0 && !isUncovered) return []
  const fact = { fact: uuidOf(factId), at: microsOf(at), isUncovered }
  // What was unwrapped had been read when it was wrapped, which says nothing of the logins behind the unwrapping.
  if (ender?.since !== undefined) {
    const { since, ...own } = ender
    const others = rowsOf({ factId, at, logins, isUncovered })
    return [
      ...rowsOf({ factId, at: since, ender: own, logins: [], isUncovered: false }),
      ...others.map((row) => ({ ...row, number: row.number + 1 })),
    ]
  }
  const [first, ...others] = logins
  const ended = { ender: ender === undefined ? null : uuidOf(ender.name), enderAt: microsOf(ender?.at) }
  return [
    { ...fact, ...ended, number: 0, login: first },
    ...others.map((login, index) => ({ ...fact, ender: null, enderAt: null, number: index + 1, login })),
  ]
}

async function upsert(client: pg.ClientBase, rows: readonly Row[]): Promise<void> {
  await client.query({
    name: 'feed-grounds-keep',
    text: `INSERT INTO feed_ground (fact, number, at_us, ender, ender_us, presenter, issuer, login_us, uncovered)
      SELECT * FROM unnest($1::uuid[], $2::int[], $3::bigint[], $4::uuid[], $5::bigint[], $6::text[], $7::text[], $8::bigint[], $9::boolean[])
      ON CONFLICT (fact, number) DO UPDATE SET at_us = excluded.at_us, ender = excluded.ender, ender_us = excluded.ender_us,
        presenter = excluded.presenter, issuer = excluded.issuer, login_us = excluded.login_us, uncovered = excluded.uncovered
      WHERE (feed_ground.at_us, feed_ground.ender, feed_ground.ender_us, feed_ground.presenter, feed_ground.issuer, feed_ground.login_us, feed_ground.uncovered)
        IS DISTINCT FROM (excluded.at_us, excluded.ender, excluded.ender_us, excluded.presenter, excluded.issuer, excluded.login_us, excluded.uncovered)`,
    values: [
      rows.map(({ fact }) => fact),
      rows.map(({ number }) => number),
      rows.map(({ at }) => at),
      rows.map(({ ender }) => ender),
      rows.map(({ enderAt }) => enderAt),
      rows.map(({ login }) => login?.presenter ?? null),
      rows.map(({ login }) => login?.issuer ?? null),
      rows.map(({ login }) => microsOf(login?.at)),
      rows.map(({ isUncovered }) => isUncovered),
    ],
  })
}

/** Null stays null. */
export function microsOf(at: number): number
export function microsOf(at: number | undefined): number | null
export function microsOf(at: number | undefined): number | null {
  return at === undefined ? null : Math.round(at * 1000)
}
