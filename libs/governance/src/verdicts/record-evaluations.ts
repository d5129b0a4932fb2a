import { isRefusal, type Decided, type Decider, type DecisionEvent } from '@catena/domain'
import { decideAnew, encodeDecision, loadStreams, type Folded, type ManyStreams, type StreamAppend } from '@catena/ledger' // prettier-ignore
import type { Control } from '../controls/control.js'
import type { Evaluation } from '../controls/evaluate.js'
import { CONTROLS } from '../controls/registry.js'
import { severityOf } from '../findings/severity.js'
import { finding, findingStream, type FindingCommand, type FindingState } from './finding-decider.js'
import {
  isOlder,
  recordedVerdicts,
  verdictStream,
  type RecordedVerdicts,
  type VerdictChanged,
} from './verdict-decider.js'

/** Whoever else appends waits for a transaction, so none holds more events than this, beside those of its last credential. */
const EVENTS_AT_ONCE = 4_000

/** The streams of one credential, folded; findings by control, those that were ever opened. */
export interface RecordedStreams {
  readonly verdicts: Folded<RecordedVerdicts>
  readonly findings: Readonly<Record<string, Folded<FindingState>>>
}

export interface Recording {
  readonly eventsAtOnce?: number
  /** What is to stand in the ledger before them. Where it fails, nothing is recorded. */
  readonly after?: Promise<unknown>
}

/**
 * Records what changed of many credentials, and what that opens and closes: of one credential all or nothing, of several in few transactions. Returns
 * their streams as they stand then; of a credential that nothing changed the same object that was kept.
 */
export async function recordEvaluations(
  streams: ManyStreams,
  evaluations: readonly Evaluation[],
  kept: ReadonlyMap<string, RecordedStreams>,
  by: Decided,
  recording: Recording = {},
): Promise<Map<string, RecordedStreams>> {
  let tries = 0
  return decideAnew(() => recordOnce(streams, evaluations, kept, by, { ...recording, looksUpAll: tries++ > 0 }))
}

async function recordOnce(
  streams: ManyStreams,
  evaluations: readonly Evaluation[],
  kept: ReadonlyMap<string, RecordedStreams>,
  by: Decided,
  { eventsAtOnce = EVENTS_AT_ONCE, after, looksUpAll }: Recording & { readonly looksUpAll: boolean },
): Promise<Map<string, RecordedStreams>> {
  const judged = await decideVerdicts(streams, evaluations, kept, by)
  const findings = await loadFindings(streams, judged, kept, looksUpAll)
  // Read and decided beside what is appended before.
  await after
  const recorded = judged.map((one) => recordOf(one, findings, kept.get(one.evaluation.credential), by))
  for (const appends of inParts(
    recorded.map((one) => one.appends),
    eventsAtOnce,
  ))
    await streams.appendTogether(appends)
  return new Map(recorded.map(({ credential, after }) => [credential, after]))
}

interface Judged {
  readonly evaluation: Evaluation
  readonly before: Folded<RecordedVerdicts>
  readonly changes: readonly VerdictChanged[]
  /** Controls whose finding may have to be opened, told more of, or closed. */
  readonly follow: readonly Control[]
}

async function decideVerdicts(
  streams: ManyStreams,
  evaluations: readonly Evaluation[],
  kept: ReadonlyMap<string, RecordedStreams>,
  by: Decided,
): Promise<Judged[]> {
  const own = new Map([...kept].map(([credential, { verdicts }]) => [verdictStream(credential), verdicts]))
  const names = evaluations.map(({ credential }) => verdictStream(credential))
  const loaded = await loadStreams(streams, recordedVerdicts, names, own)
  return evaluations.map((evaluation) => {
    const before = required(loaded, verdictStream(evaluation.credential))
    const changes = eventsOf(recordedVerdicts.decide(before.state, evaluation, by))
    const follow = isOlder(evaluation, before.state) ? [] : toFollow(evaluation, changes)
    return { evaluation, before, changes, follow }
  })
}

function toFollow({ results }: Evaluation, changes: readonly VerdictChanged[]): Control[] {
  const changed = new Set(changes.flatMap(({ data }) => data.changes.map(({ control }) => control)))
  const failing = new Set(results.filter(({ verdict }) => verdict === 'uncontrolled').map(({ control }) => control))
  return CONTROLS.filter(({ id }) => changed.has(id) || failing.has(id))
}

/**
 * A finding is opened by the append that first tells its verdict, so a credential without a verdict has none, and none is looked for; the append would
 * refuse one that stands nevertheless, and then all are looked up.
 */
function loadFindings(
  streams: ManyStreams,
  judged: readonly Judged[],
  kept: ReadonlyMap<string, RecordedStreams>,
  looksUpAll: boolean,
): Promise<Map<string, Folded<FindingState>>> {
  const own = new Map<string, Folded<FindingState>>()
  for (const [credential, { findings }] of kept)
    for (const [control, folded] of Object.entries(findings)) own.set(findingStream(credential, control), folded)
  const known = judged.filter(({ before }) => looksUpAll || before.version > 0)
  const names = known.flatMap(({ evaluation, follow }) => follow.map(({ id }) => findingStream(evaluation.credential, id))) // prettier-ignore
  return loadStreams(streams, finding, names, own)
}

const NO_FINDING: Folded<FindingState> = { version: 0, state: finding.initial }

interface Recorded {
  readonly credential: string
  readonly appends: readonly StreamAppend[]
  readonly after: RecordedStreams
}

function recordOf(
  { evaluation, before, changes, follow }: Judged,
  loaded: ReadonlyMap<string, Folded<FindingState>>,
  kept: RecordedStreams | undefined,
  by: Decided,
): Recorded {
  const { credential } = evaluation
  const appends: StreamAppend[] = []
  const moved: [string, Folded<FindingState>][] = []
  for (const control of follow) {
    const stream = findingStream(credential, control.id)
    const stands = loaded.get(stream) ?? NO_FINDING
    const events = eventsOf(finding.decide(stands.state, commandOf(evaluation, control), by))
    const after = appended(finding, stream, stands, events, by, appends)
    if (after.version > 0 && after !== kept?.findings[control.id]) moved.push([control.id, after])
  }
  const verdicts = appended(recordedVerdicts, verdictStream(credential), before, changes, by, appends)
  if (kept !== undefined && verdicts === kept.verdicts && moved.length === 0)
    return { credential, appends, after: kept }
  return {
    credential,
    appends,
    after: { verdicts, findings: { ...kept?.findings, ...Object.fromEntries(moved) } },
  }
}

/** The stream after these events; notes what is to be appended. */
function appended<State, Event extends DecisionEvent>(
  decider: Pick<Decider<State, never, Event>, 'evolve' | 'schemaVersions'>,
  stream: string,
  stands: Folded<State>,
  events: readonly Event[],
  by: Decided,
  appends: StreamAppend[],
): Folded<State> {
  if (events.length === 0) return stands
  const news = events.map((event) => encodeDecision(decider, event, by, { subjects: [] }))
  appends.push({ stream, expectedVersion: stands.version, events: news })
  const state = events.reduce((reached, event) => decider.evolve(reached, event, by), stands.state)
  return { version: stands.version + events.length, state }
}

function commandOf({ credential, position, at, results, grade }: Evaluation, control: Control): FindingCommand {
  const { id } = control
  const result = results.find((each) => each.control === id)
  const { reason = 'The control does not apply any more.', witnesses = [], verdict } = result ?? {}
  const own = { finding: findingStream(credential, id), credential, control: id }
  return { do: 'FollowVerdict', ...own, verdict, ...severityOf(control, grade), reason, witnesses, position, at }
}

/** Credentials are kept whole. */
function inParts(all: readonly (readonly StreamAppend[])[], eventsAtOnce: number): StreamAppend[][] {
  const parts: StreamAppend[][] = []
  let [part, count]: [StreamAppend[], number] = [[], 0]
  for (const appends of all) {
    part.push(...appends)
    count += appends.reduce((sum, { events }) => sum + events.length, 0)
    if (count < eventsAtOnce) continue
    parts.push(part)
    ;[part, count] = [[], 0]
  }
  return part.length === 0 ? parts : [...parts, part]
}

/** Neither of the two ever refuses what a verdict asks of it. */
function eventsOf<Event>(
  decided: readonly Event[] | { readonly refused: string; readonly message: string },
): readonly Event[] {
  if (isRefusal(decided)) throw new Error(decided.message)
  return decided
}

function required<T>(loaded: ReadonlyMap<string, T>, stream: string): T {
  const found = loaded.get(stream)
  if (found === undefined) throw new Error(`${stream} was not loaded`)
  return found
}
