import { hash } from 'node:crypto'
import type pg from 'pg'
import type { Evaluation } from '../controls/evaluate.js'
import type { RecordedStreams } from './record-evaluations.js'

/** What stands in the row of a credential, beside the evaluation itself. */
export interface Kept {
  /** Hash of what the controls said. */
  readonly digest: string | undefined
  readonly streams: RecordedStreams | undefined
}

export async function readKept(client: pg.ClientBase, credentials: readonly string[]): Promise<Map<string, Kept>> {
  const { rows } = await client.query<{ credential: string; digest: string | null; recorded: RecordedStreams | null }>({
    name: 'kept-evaluations',
    text: `SELECT replace(credential::text, '-', '') AS credential, digest, recorded FROM governance.evaluation WHERE credential = ANY($1::uuid[])`,
    values: [credentials],
  })
  return new Map(
    rows.map(({ credential, digest, recorded }) => [
      credential,
      { digest: digest ?? undefined, streams: recorded ?? undefined },
    ]),
  )
}

/** Writes what is new of these evaluations, whole rows only of those that say something else than before. */
export async function keepEvaluations(
  client: pg.ClientBase,
  evaluations: readonly Evaluation[],
  kept: ReadonlyMap<string, Kept>,
  streams: ReadonlyMap<string, RecordedStreams>,
): Promise<void> {
  const all = evaluations.map((evaluation) => {
    const { credential, results } = evaluation
    const said = JSON.stringify(results)
    const digest = hash('sha256', said, 'hex').slice(0, 32)
    const [before, recorded] = [kept.get(credential), streams.get(credential)]
    return { evaluation, said, digest, recorded, same: before?.digest === digest && before.streams === recorded }
  })
  const standing = all.filter(({ same }) => same)
  if (standing.length > 0) await client.query({ ...STANDS, values: columnsOf(standing) })
  const changed = all.filter(({ same }) => !same)
  if (changed.length === 0) return
  await client.query(CHANGED, [`[${changed.map(rowOf).join(',')}]`])
}

interface Changed {
  readonly evaluation: Evaluation
  /** The results as JSON: the largest part of a row, so it is not made twice. */
  readonly said: string
  readonly digest: string
  readonly recorded: RecordedStreams | undefined
}

function rowOf({ evaluation, said, digest, recorded }: Changed): string {
  const { credential, verdict, position, validUntil } = evaluation
  const body = withMember({ ...evaluation, results: undefined }, 'results', said)
  return withMember({ credential, verdict, valid_until: validUntil, position, digest, recorded }, 'body', body)
}

/** JSON of an object that has other members, with one more that is JSON already. */
function withMember(others: object, name: string, json: string): string {
  return `${JSON.stringify(others).slice(0, -1)},"${name}":${json}}`
}

function columnsOf(standing: readonly { readonly evaluation: Evaluation; readonly digest: string }[]): unknown[] {
  return [
    standing.map(({ evaluation }) => evaluation.credential),
    standing.map(({ evaluation }) => evaluation.position),
    standing.map(({ evaluation }) => evaluation.validUntil),
    standing.map(({ digest }) => digest),
  ]
}

/** A row that somebody else has written since is left as it is, and looked at again. */
const STANDS = {
  name: 'evaluations-stand',
  text: `UPDATE governance.evaluation e SET position = now.position, valid_until = to_timestamp(now.valid_until / 1000)
    FROM unnest($1::uuid[], $2::bigint[], $3::float8[], $4::text[]) AS now (credential, position, valid_until, digest)
    WHERE e.credential = now.credential AND e.digest = now.digest`,
}

const CHANGED = `
  INSERT INTO governance.evaluation (credential, verdict, valid_until, position, digest, body, recorded)
  SELECT credential, verdict, to_timestamp(valid_until / 1000), position, digest, body, recorded FROM json_to_recordset($1::json)
    AS row (credential uuid, verdict text, valid_until float8, position bigint, digest text, body jsonb, recorded json)
  ON CONFLICT (credential) DO UPDATE SET verdict = excluded.verdict, valid_until = excluded.valid_until, position = excluded.position,
    digest = excluded.digest, body = excluded.body, recorded = excluded.recorded`
