import { isRefusal, type Decided, type Instant } from '@catena/domain'
import { handleCommand, loadStream, type DecisionStreams } from '@catena/ledger'
import type pg from 'pg'
import type { Control } from '../controls/control.js'
import { evaluate, type Evaluation } from '../controls/evaluate.js'
import { CONTROLS } from '../controls/registry.js'
import type { HistoryReader } from '../history/read-history.js'
import { stewardshipView } from '../ownership/stewardship-view.js'
import { sharingView } from '../sharing/sharing-view.js'
import { finding, findingStream } from './finding-decider.js'
import { recordedVerdicts, verdictStream, type RecordedVerdicts } from './verdict-decider.js'

/** Credentials judged in one step. */
const CREDENTIALS_MAX = 50
/** Stands in the ledger as who recorded verdicts. */
const ACTOR = 'timer:verdicts'

export interface Judging {
  readonly histories: HistoryReader
  readonly streams: DecisionStreams
  readonly now: () => Instant
}

interface Stale {
  readonly credential: string
  readonly position: string | null
}

/**
 * Judges credentials of which something became known, or whose verdict stands no longer, and records what changed. A step that is cut short is taken
 * again: streams refuse what they hold already. True: there are more.
 */
export async function judgeStale(client: pg.ClientBase, { histories, streams, now }: Judging): Promise<boolean> {
  const at = now()
  const stale = await staleCredentials(client, at)
  if (stale.length === 0) return false
  const found = await histories.current(stale.map(({ credential }) => plain(credential)), at) // prettier-ignore
  for (const history of found) {
    const evaluation = evaluate(history)
    await record(streams, evaluation, { actor: ACTOR, at })
    await keep(client, evaluation)
  }
  const gone = stale.filter(({ credential }) => !found.some(({ id }) => id === plain(credential)))
  await client.query('DELETE FROM governance.evaluation WHERE credential = ANY($1::uuid[])', [
    gone.map(({ credential }) => credential),
  ])
  await client.query(
    `DELETE FROM governance.stale_credential s USING unnest($1::uuid[], $2::bigint[]) AS done (credential, position)
     WHERE s.credential = done.credential AND s.position <= done.position`,
    [stale.map(({ credential }) => credential), stale.map(({ position }) => position)],
  )
  return stale.length === CREDENTIALS_MAX
}

async function staleCredentials(client: pg.ClientBase, at: Instant): Promise<Stale[]> {
  const { rows } = await client.query<Stale>(
    `SELECT credential, max(position) AS position FROM (
       (SELECT credential, position FROM governance.stale_credential ORDER BY position LIMIT $1)
       UNION ALL
       (SELECT credential, NULL FROM governance.evaluation WHERE valid_until <= to_timestamp($2::float8 / 1000) ORDER BY valid_until LIMIT $1)) due
     GROUP BY credential LIMIT $1`,
    [CREDENTIALS_MAX, at],
  )
  return rows
}

/** Findings before the verdicts that open and close them: whoever is cut short in between finds the verdict still to be recorded, and follows again. */
async function record(streams: DecisionStreams, evaluation: Evaluation, by: Decided): Promise<void> {
  const stream = verdictStream(evaluation.credential)
  const { state } = await loadStream(streams, recordedVerdicts as never, stream)
  const changes = recordedVerdicts.decide(state as RecordedVerdicts, evaluation, by)
  const changed = new Set(isRefusal(changes) ? [] : changes.map(({ data }) => data.control))
  for (const control of CONTROLS) {
    const result = evaluation.results.find((each) => each.control === control.id)
    if (changed.has(control.id) || result?.verdict === 'uncontrolled') await follow(streams, evaluation, control, by)
  }
  await handleCommand(streams, recordedVerdicts, { stream, command: evaluation, by })
}

async function follow(streams: DecisionStreams, evaluation: Evaluation, control: Control, by: Decided): Promise<void> {
  const { credential, position, at, results } = evaluation
  const result = results.find((each) => each.control === control.id)
  const stream = findingStream(credential, control.id)
  const { reason = 'The control does not apply any more.', witnesses = [], verdict } = result ?? {}
  const { id, severity, because } = control
  const command = {
    do: 'FollowVerdict',
    finding: stream,
    credential,
    control: id,
    verdict,
    severity,
    because,
    reason,
    witnesses,
    position,
    at,
  } as const
  await handleCommand(streams, finding, { stream, command, by })
}

async function keep(client: pg.ClientBase, evaluation: Evaluation): Promise<void> {
  await client.query(
    `INSERT INTO governance.evaluation (credential, verdict, valid_until, body) VALUES ($1, $2, to_timestamp($3::float8 / 1000), $4)
     ON CONFLICT (credential) DO UPDATE SET verdict = $2, valid_until = to_timestamp($3::float8 / 1000), body = $4`,
    [evaluation.credential, evaluation.verdict, evaluation.validUntil, JSON.stringify(evaluation)],
  )
}

/** Views that histories read decisions from. */
const VIEWS = [stewardshipView.name, sharingView.name]

/**
 * Whatever was decided about a credential makes its verdict stale, once the views show it. Follows the decisions with a checkpoint of its own; true:
 * there are more.
 */
export async function markDecided(client: pg.ClientBase, streams: DecisionStreams): Promise<boolean> {
  const { rows } = await client.query<{ after: string | null; shown: string | null }>(
    `SELECT (SELECT position FROM governance.checkpoint WHERE name = 'decided') AS after,
       (SELECT min(position) FROM decisions.view WHERE name = ANY($1) HAVING count(*) = $2) AS shown`,
    [VIEWS, VIEWS.length],
  )
  const [after, shown] = [Number(rows[0]?.after ?? 0), Number(rows[0]?.shown ?? 0)]
  const read = await streams.readDecisions(after, DECISIONS_MAX)
  const events = read.filter(({ position }) => position <= shown)
  const last = events.at(-1)
  if (last === undefined) return false
  const stewarded = events.flatMap(({ stream }) => /^credential:([0-9a-f]{32})$/.exec(stream)?.[1] ?? [])
  const all = events.some(({ type }) => type === 'OwnershipRulesPublished')
  await client.query(MARK, [last.position, [...new Set(stewarded)], all, after])
  return events.length === DECISIONS_MAX
}

const MARK = `
  WITH moved AS (INSERT INTO governance.checkpoint (name, version, position, surroundings) VALUES ('decided', '1', $1, '{}')
    ON CONFLICT (name) DO UPDATE SET position = $1)
  INSERT INTO governance.stale_credential
  SELECT credential, $1 FROM unnest($2::uuid[]) AS row (credential)
  UNION SELECT unnest(credentials), $1 FROM decisions.sharing WHERE position > $4 AND position <= $1
  UNION SELECT credential, $1 FROM governance.evaluation WHERE $3
  ON CONFLICT (credential) DO UPDATE SET position = greatest(governance.stale_credential.position, excluded.position)`

const DECISIONS_MAX = 1_000

function plain(uuid: string): string {
  return uuid.replaceAll('-', '')
}
