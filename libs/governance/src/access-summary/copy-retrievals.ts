import { copyEncoded } from '@catena/platform'
import type pg from 'pg'
import { RETRIEVAL_COLUMNS } from './encode-row.js'
import { insertShapes } from './retrieval-row.js'
import type { WalkedStretch } from './walk-stretch.js'

/** Shapes that are remembered as written. */
const SHAPES_MAX = 100_000

/** Appends rows of retrievals that have none yet. `written`: shapes that stand in the table already. */
export async function copyRetrievals(
  client: pg.ClientBase,
  { rows, shapes }: WalkedStretch,
  written: Set<string>,
): Promise<void> {
  if (rows === undefined) return
  const fresh = shapes.filter(({ shape }) => !written.has(shape))
  if (written.size > SHAPES_MAX) written.clear()
  for (const { shape } of fresh) written.add(shape)
  await insertShapes(client, fresh)
  await copyEncoded(client, `COPY governance.retrieval (${RETRIEVAL_COLUMNS}) FROM STDIN (FORMAT binary)`, rows)
}
