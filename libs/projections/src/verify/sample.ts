import { randomBytes, randomInt } from 'node:crypto'
import type { Activity } from '@catena/domain'
import type { Ledger } from '@catena/ledger'
import type pg from 'pg'
import { uuidOf, type Uuid, undashed } from '../access-index/identity.js'
import { interpretEvent, type Interpretation } from '../access-index/project.js'

export interface ChosenFacts {
  readonly facts: readonly Uuid[]
  /** Of their observations, ascending. */
  readonly positions: readonly number[]
}

/**
 * Facts chosen from the index (what stands there must be right) and from positions of the ledger (what happened must stand there): so many of
 * each, fewer where they coincide. Ids of facts are hashes, so the first after a random one is a fair choice.
 */
export async function chooseFacts(
  client: pg.ClientBase,
  { ledger, interpretation }: { readonly ledger: Pick<Ledger, 'readAt'>; readonly interpretation: Interpretation },
  size: number,
  position: number,
): Promise<ChosenFacts> {
  const marks = Array.from({ length: size }, () => randomBytes(16).toString('hex'))
  const { rows } = await client.query<{ fact: string }>(
    `SELECT DISTINCT chosen.fact FROM unnest($1::uuid[]) AS mark
     CROSS JOIN LATERAL (SELECT fact FROM access_index.access_fact WHERE fact >= mark AND last_position <= $2 ORDER BY fact LIMIT 1) chosen`,
    [marks, position],
  )
  const positions = position === 0 ? [] : Array.from({ length: size }, () => randomInt(1, position + 1))
  const events = await ledger.readAt([...new Set(positions)])
  const told = events.map((event) => interpretEvent(event, interpretation)).filter((activity) => activity !== undefined)
  const facts = new Set([...rows.map(({ fact }) => undashed(fact)), ...told.map(({ factId }) => uuidOf(factId))])
  return { facts: [...facts], positions: await positionsOf(client, [...facts], told) }
}

/** All positions that the index names for these facts, and those they were chosen by: one that the index forgot shows. */
async function positionsOf(
  client: pg.ClientBase,
  facts: readonly Uuid[],
  told: readonly Activity[],
): Promise<number[]> {
  const { rows } = await client.query<{ body: Buffer }>(
    'SELECT body FROM access_index.access_fact WHERE fact = ANY($1::uuid[])',
    [facts],
  )
  const known = rows.map(({ body }) => JSON.parse(body.toString('utf8')) as Activity)
  return [...new Set([...known, ...told].flatMap(({ positions }) => positions))].sort((a, b) => a - b)
}
