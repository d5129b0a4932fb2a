import type { Connector, JsonObject, SourceInstance, SourceKind } from '@catena/domain'
import {
  isReleased,
  type AttemptResult,
  type Quarantine,
  type QuarantineEntry,
  type ReleaseAttempt,
} from '@catena/ledger'
import type { KafkaConnection } from '@catena/platform'
import { readsAsSource } from '../kafka/source-name.js'
import type { IntakeKeys } from '../pipeline/intake-keys.js'
import { prepareRecord } from '../pipeline/prepare.js'
import { findInFile } from './find-in-files.js'
import { findInPartition } from './find-in-kafka.js'
import type { Found } from './found.js'

/** Attempts of one transaction. */
const BATCH_ATTEMPTS_MAX = 200

export interface ReleaseDesk {
  readonly ledger: Pick<Quarantine, 'recordReleases'>
  readonly keys: IntakeKeys
  readonly sourceOf: (id: string) => SourceInstance | undefined
  readonly connectorFor: (kind: SourceKind) => Connector
  readonly subjectsOf?: (record: JsonObject) => readonly string[]
  /** Source of a topic's messages that name none. */
  readonly defaultSourceOf: (topic: string) => string | undefined
  /** Undefined: no brokers are configured. */
  readonly kafka: KafkaConnection | undefined
  /** Where a file is now; the path under which it was read, where nobody moved it. */
  readonly pathOf?: (recorded: string) => string
  /** May this file be looked into? Left out: any file that was read before. */
  readonly mayRead?: (path: string) => Promise<boolean>
  readonly actor: string
}

/** `unreached`: the place could not be looked at now, so nothing was written; all else is in the ledger. */
export type ReleaseResult =
  AttemptResult | { readonly entry: number; readonly outcome: 'unreached'; readonly reason: string }

/**
 * Looks for the bytes of each entry where they were, makes sure by their keyed hash that they are the same, and takes them through the
 * pipeline again: a better connector or a mended configuration may read them now. Results in the order given.
 */
export async function releaseEntries(
  release: ReleaseDesk,
  entries: readonly QuarantineEntry[],
  onResult: (result: ReleaseResult) => void = () => undefined,
): Promise<ReleaseResult[]> {
  const results = new Map<number, ReleaseResult>()
  const settle = (some: readonly ReleaseResult[]): void => {
    for (const result of some) {
      results.set(result.entry, result)
      onResult(result)
    }
  }
  settle(entries.flatMap(releasedBefore))
  let attempts: ReleaseAttempt[] = []
  for await (const [entry, found] of findAll(
    release,
    entries.filter((entry) => !isReleased(entry)),
  )) {
    if ('unreached' in found) settle([{ entry: entry.id, outcome: 'unreached', reason: found.unreached }])
    else attempts.push(attemptOf(release, entry, found))
    if (attempts.length < BATCH_ATTEMPTS_MAX) continue
    settle(await release.ledger.recordReleases(attempts))
    attempts = []
  }
  if (attempts.length > 0) settle(await release.ledger.recordReleases(attempts))
  return entries.flatMap(({ id }) => results.get(id) ?? [])
}

function releasedBefore(entry: QuarantineEntry): ReleaseResult[] {
  return isReleased(entry) && entry.lastAttempt !== undefined ? [{ ...entry.lastAttempt, isNew: false }] : []
}

async function* findAll(
  { keys, kafka, pathOf = (path) => path, mayRead = () => Promise.resolve(true) }: ReleaseDesk,
  entries: readonly QuarantineEntry[],
): AsyncGenerator<readonly [QuarantineEntry, Found]> {
  for (const group of groupsOf(entries)) {
    const [{ locator }] = group
    if (locator.door === 'http') yield* group.map((entry) => [entry, SENT_ONCE] as const)
    else if (locator.door === 'kafka') yield* inPartition(kafka, locator, group, keys)
    else if (locator.file === '-') yield* group.map((entry) => [entry, PIPED_ONCE] as const)
    else if (!(await mayRead(locator.file))) yield* group.map((entry) => [entry, NOT_FROM_HERE] as const)
    else yield* findInFile(pathOf(locator.file), group.flatMap(ofFile), keys)
  }
}

const SENT_ONCE: Found = { gone: 'it came by HTTP, of which no copy is kept: have it sent again' }
const PIPED_ONCE: Found = { gone: 'it came through a pipe, of which no copy is kept: ingest it again' }
const NOT_FROM_HERE: Found = {
  unreached:
    'files are read again with `catena quarantine release` on the machine, or from the folders of access.release_from',
}
const NO_BROKERS: Found = { unreached: 'it is in Kafka, and no brokers are configured: set KAFKA_BROKERS' }

type Group = readonly [QuarantineEntry, ...QuarantineEntry[]]

/** Entries of one file or partition together, so that it is opened once. */
function groupsOf(entries: readonly QuarantineEntry[]): Group[] {
  const groups = new Map<string, [QuarantineEntry, ...QuarantineEntry[]]>()
  for (const entry of entries) {
    const { locator } = entry
    const { door } = locator
    const place = door === 'file' ? locator.file : door === 'kafka' ? `${locator.topic}/${locator.partition}` : ''
    const group = groups.get(`${door}:${place}`)
    if (group === undefined) groups.set(`${door}:${place}`, [entry])
    else group.push(entry)
  }
  return [...groups.values()]
}

function ofFile(entry: QuarantineEntry) {
  const { locator } = entry
  return locator.door === 'file' ? [{ entry, from: locator.from, to: locator.to }] : []
}

async function* inPartition(
  kafka: KafkaConnection | undefined,
  place: { readonly topic: string; readonly partition: number },
  group: Group,
  keys: IntakeKeys,
): AsyncGenerator<readonly [QuarantineEntry, Found]> {
  if (kafka === undefined) return yield* group.map((entry) => [entry, NO_BROKERS] as const)
  const entries = group.flatMap((entry) =>
    entry.locator.door === 'kafka' ? [{ entry, offset: BigInt(entry.locator.offset) }] : [],
  )
  yield* findInPartition(kafka, place, entries, keys)
}

/** Dated by when it was first received, where its source writes no time. */
function attemptOf(
  release: ReleaseDesk,
  entry: QuarantineEntry,
  found: Exclude<Found, { unreached: string }>,
): ReleaseAttempt {
  const { actor, keys, connectorFor, subjectsOf } = release
  const attempt = { entry: entry.id, source: entry.source, actor }
  if ('gone' in found) return { ...attempt, outcome: 'gone', reason: found.gone }
  const named = nameIn(release, entry, found.source)
  const source = release.sourceOf(named)
  if (source === undefined) return { ...attempt, outcome: 'unreadable', reason: `source "${named}" is not configured` }
  const intake = { source, connector: connectorFor(source.kind), keys, ...(subjectsOf ? { subjectsOf } : {}) }
  const prepared = prepareRecord(found.framed, entry.locator, entry.firstSeenAt, intake)
  if ('record' in prepared) return { ...attempt, source: source.id, record: prepared.record }
  return { ...attempt, source: source.id, outcome: 'unreadable', reason: prepared.quarantined.reason }
}

function nameIn({ defaultSourceOf }: ReleaseDesk, { source, locator }: QuarantineEntry, inMessage?: string): string {
  const named = inMessage ?? (locator.door === 'kafka' ? defaultSourceOf(locator.topic) : undefined) ?? source
  return readsAsSource(named) ? named : source
}
