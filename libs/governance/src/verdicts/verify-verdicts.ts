import { fold } from '@catena/domain'
import {
  Beside,
  decodeDecision,
  liftDecision,
  type LedgerEvent,
  type LookedAt,
  type ManyStreams,
  type OnLooked,
} from '@catena/ledger'
import type pg from 'pg'
import { aggregate, type Evaluation } from '../controls/evaluate.js'
import { isOlder, recordedVerdicts, verdictStream, type RecordedVerdicts } from './verdict-decider.js'

/** Credentials compared at once. */
const PAGE = 500

interface Row {
  readonly credential: string
  readonly verdict: string
  readonly body: Pick<Evaluation, 'verdict' | 'results' | 'position' | 'at'>
  /** How much of the stream of verdicts the row was written after; null in rows of earlier versions. */
  readonly version: number | null
}

/** In an order that a seed chooses, so that no two samples are of the same. */
const CREDENTIALS = `SELECT replace(credential::text, '-', '') AS credential FROM governance.evaluation ORDER BY md5(credential::text || $1) LIMIT $2`
const ROWS = `SELECT replace(credential::text, '-', '') AS credential, verdict, body, (recorded #>> '{verdicts,version}')::int AS version
  FROM governance.evaluation WHERE credential = ANY($1::uuid[]) ORDER BY credential`

/** Verdicts that answers show against those that the ledger has: of all credentials, or of so many of them. */
export async function verifyVerdicts(
  { pool, streams }: { readonly pool: pg.Pool; readonly streams: Pick<ManyStreams, 'readStreams'> },
  extent: 'all' | number,
  seed: string,
  onLooked?: OnLooked,
): Promise<LookedAt> {
  const beside = new Beside()
  const { rows } = await pool.query<{ credential: string }>(CREDENTIALS, [seed, extent === 'all' ? null : extent])
  for (let from = 0; from < rows.length; from += PAGE) {
    await verifyPage(pool, streams, rows.slice(from, from + PAGE).map(({ credential }) => credential), beside) // prettier-ignore
    onLooked?.(Math.min(from + PAGE, rows.length), rows.length)
  }
  return beside.lookedAt
}

async function verifyPage(
  pool: pg.Pool,
  streams: Pick<ManyStreams, 'readStreams'>,
  credentials: readonly string[],
  beside: Beside,
): Promise<void> {
  const { rows } = await pool.query<Row>(ROWS, [credentials])
  const told = await streams.readStreams(rows.map(({ credential }) => verdictStream(credential)))
  for (const row of rows) {
    const wrong = faultIn(row, told.get(verdictStream(row.credential)) ?? [])
    if (wrong !== undefined) beside.add(`credential ${row.credential}: ${wrong}`)
  }
  beside.count += rows.length
}

/** Whoever changed the row or an event may have left anything; the others are still compared. */
function faultIn(row: Row, events: readonly LedgerEvent[]): string | undefined {
  try {
    return faultOf(row, events)
  } catch {
    return 'what is shown of it, or what the ledger has, cannot be read'
  }
}

function faultOf({ verdict, body, version }: Row, events: readonly LedgerEvent[]): string | undefined {
  const worst = aggregate(body.results.map((result) => result.verdict))
  if (verdict !== worst || body.verdict !== worst)
    return `it is shown as ${verdict}, and its controls say ${worst}`
  const known = events.filter(({ streamVersion }) => version === null || (streamVersion ?? 0) <= version)
  const decisions = known.map((event) => decodeDecision(event))
  // What was erased is not known any more, so nothing can be compared with it.
  if (decisions.includes(undefined)) return undefined
  const history = decisions.flatMap((decision) => (decision === undefined ? [] : [liftDecision(recordedVerdicts, decision)]))
  const ledger = fold(recordedVerdicts, history)
  // Resting on less than the ledger knows, it is brought up by the next look.
  return isOlder(body, ledger) ? undefined : differing(body.results, ledger)
} // prettier-ignore

function differing(results: Evaluation['results'], { verdicts }: RecordedVerdicts): string | undefined {
  const shown = new Map<string, string>(results.map(({ control, verdict }) => [control, verdict]))
  const controls = [...new Set([...shown.keys(), ...Object.keys(verdicts)])].sort()
  const control = controls.find((each) => shown.get(each) !== verdicts[each]?.verdict)
  if (control === undefined) return undefined
  return `${control} is shown as ${shown.get(control) ?? 'not applying'}, and the ledger says ${verdicts[control]?.verdict ?? 'that it does not apply'}`
}
