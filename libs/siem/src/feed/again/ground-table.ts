import { uuidOf } from '@catena/projections'
import type pg from 'pg'
import type { Ground } from './ground.js'

/** Keeps them as they stand now; what rests on nothing any more is forgotten. In the transaction that tells the chains. */
export async function keepGrounds(client: pg.ClientBase, grounds: readonly Ground[]): Promise<void> {
  const [kept, gone] = [grounds.filter(isKept), grounds.filter((ground) => !isKept(ground))]
  if (kept.length > 0) await upsert(client, kept)
  if (gone.length > 0)
    await client.query({
      name: 'feed-grounds-gone',
      text: 'DELETE FROM feed_ground WHERE fact = ANY($1::uuid[])',
      values: [gone.map(({ factId }) => uuidOf(factId))],
    })
}

function isKept({ ender, login, isUncovered }: Ground): boolean {
  return ender !== undefined || login !== undefined || isUncovered
}

async function upsert(client: pg.ClientBase, grounds: readonly Ground[]): Promise<void> {
  const nothing = { name: undefined, at: undefined }
  await client.query({
    name: 'feed-grounds-keep',
    text: `INSERT INTO feed_ground (fact, at_us, ender, ender_us, presenter, login_us, uncovered)
      SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::bigint[], $5::text[], $6::bigint[], $7::boolean[])
      ON CONFLICT (fact) DO UPDATE SET at_us = excluded.at_us, ender = excluded.ender, ender_us = excluded.ender_us,
        presenter = excluded.presenter, login_us = excluded.login_us, uncovered = excluded.uncovered
      WHERE (feed_ground.*) IS DISTINCT FROM (excluded.*)`,
    values: [
      grounds.map(({ factId }) => uuidOf(factId)),
      grounds.map(({ at }) => microsOf(at)),
      grounds.map(({ ender }) => (ender === undefined ? null : uuidOf(ender.name))),
      grounds.map(({ ender = nothing }) => microsOf(ender.at)),
      grounds.map(({ login }) => login?.presenter ?? null),
      grounds.map(({ login = nothing }) => microsOf(login.at)),
      grounds.map(({ isUncovered }) => isUncovered),
    ],
  })
}

/** Null stays null. */
export function microsOf(at: number): number
export function microsOf(at: number | undefined): number | null
export function microsOf(at: number | undefined): number | null {
  return at === undefined ? null : Math.round(at * 1000)
}
