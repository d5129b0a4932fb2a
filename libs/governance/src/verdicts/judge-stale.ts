import type { Instant } from '@catena/domain'
import type { ManyStreams } from '@catena/ledger'
import { isTransient } from '@catena/platform'
import type pg from 'pg'
import { evaluate, type Evaluation } from '../controls/evaluate.js'
import type { HistoryReader } from '../history/read-history.js'
import { keepEvaluations, readKept, type Kept } from './keep-evaluations.js'
import { recordEvaluations, type RecordedStreams } from './record-evaluations.js'
import { judged, setAside, staleCredentials } from './stale.js'

/** Credentials judged in one step, part by part. */
const CREDENTIALS_MAX = 2_000
/** Stands in the ledger as who recorded verdicts. */
const ACTOR = 'timer:verdicts'

export interface Judging {
  readonly histories: Pick<HistoryReader, 'current'>
  readonly streams: ManyStreams
  readonly now: () => Instant
  /** Told of credentials that cannot be judged; they stay stale, and are tried again later. */
  readonly onFailed?: (error: NotJudged) => void
}

/** Something about these credentials keeps them from being judged; the others of the step were. */
export class NotJudged extends Error {
  constructor(
    readonly credentials: readonly string[],
    cause: unknown,
  ) {
    const [first = ''] = credentials
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(`${credentials.length} credentials could not be judged, ${first} among them: ${reason}`, { cause })
    this.name = 'NotJudged'
  }
}

/**
 * Judges credentials of which something became known, or whose verdict stands no longer, and records what changed. A step that is cut short is taken
 * again: streams refuse what they hold already. True: there are more.
 */
export async function judgeStale(client: pg.ClientBase, judging: Judging): Promise<boolean> {
  const at = judging.now()
  const stale = await staleCredentials(client, at, CREDENTIALS_MAX)
  if (stale.length === 0) return false
  const failures = await judgeApart(client, judging, stale.map(({ credential }) => credential), at) // prettier-ignore
  const failed = new Set(failures.map(({ credential }) => credential))
  await setAside(client, [...failed], at)
  await judged(client, stale.filter(({ credential }) => !failed.has(credential))) // prettier-ignore
  if (failures.length > 0) judging.onFailed?.(new NotJudged([...failed], failures[0]?.error))
  return stale.length === CREDENTIALS_MAX
}

interface Failure {
  readonly credential: string
  readonly error: unknown
}

/** All at once; where that fails, each half on its own, so that whoever cannot be judged keeps no other from it. Throws what may pass by itself. */
async function judgeApart(
  client: pg.ClientBase,
  judging: Judging,
  credentials: readonly string[],
  at: Instant,
): Promise<Failure[]> {
  try {
    await judgeTogether(client, judging, credentials, at)
    return []
  } catch (error) {
    const [credential = ''] = credentials
    if (mayPass(error)) throw error
    if (credentials.length === 1) return [{ credential, error }]
    const half = credentials.length >> 1
    const first = await judgeApart(client, judging, credentials.slice(0, half), at)
    return [...first, ...(await judgeApart(client, judging, credentials.slice(half), at))]
  }
}

function mayPass(error: unknown): boolean {
  return (error as { retryable?: unknown }).retryable === true || isTransient(error)
}

/** Parts that are recorded beside each other: one is decided, the one before it appended, and what the one before that said is kept. */
const RECORDED_AT_ONCE = 3

/** Part by part: while some are recorded, the next is judged and the one after it read. Appended, and kept, one after the other. */
async function judgeTogether(
  client: pg.ClientBase,
  { histories, streams }: Judging,
  credentials: readonly string[],
  at: Instant,
): Promise<void> {
  const gone = new Set(credentials)
  const reading = readKept(client, credentials)
  // Awaited by the first part, if there is one.
  reading.catch(() => undefined)
  const recordings: Promise<void>[] = []
  let appended: Promise<unknown> = Promise.resolve()
  try {
    for await (const part of histories.current(credentials, at)) {
      const evaluations = part.map((history) => evaluate(history))
      for (const { credential } of evaluations) gone.delete(credential)
      const kept = await reading
      await recordings.at(-RECORDED_AT_ONCE)
      const recorded = recordEvaluations(
        streams,
        evaluations,
        foldedOf(evaluations, kept),
        { actor: ACTOR, at },
        { after: appended },
      )
      appended = recorded
      recordings.push(keepRecorded(client, { evaluations, kept, recorded, after: recordings.at(-1) }))
      // Awaited below, and by later parts.
      recordings.at(-1)?.catch(() => undefined)
    }
  } finally {
    await Promise.allSettled(recordings)
  }
  await Promise.all(recordings)
  if (gone.size > 0)
    await client.query('DELETE FROM governance.evaluation WHERE credential = ANY($1::uuid[])', [[...gone]])
}

function foldedOf(evaluations: readonly Evaluation[], kept: ReadonlyMap<string, Kept>): Map<string, RecordedStreams> {
  const folded = evaluations.flatMap(({ credential }): [string, RecordedStreams][] => {
    const streams = kept.get(credential)?.streams
    return streams === undefined ? [] : [[credential, streams]]
  })
  return new Map(folded)
}

interface Keeping {
  readonly evaluations: readonly Evaluation[]
  readonly kept: ReadonlyMap<string, Kept>
  readonly recorded: Promise<ReadonlyMap<string, RecordedStreams>>
  readonly after: Promise<void> | undefined
}

async function keepRecorded(client: pg.ClientBase, { evaluations, kept, recorded, after }: Keeping): Promise<void> {
  const streams = await recorded
  await after
  await keepEvaluations(client, evaluations, kept, streams)
}
