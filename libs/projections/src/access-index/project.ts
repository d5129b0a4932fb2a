import {
  liftPayload,
  type Activity,
  type Connector,
  type JsonObject,
  type SourceInstance,
  type SourceKind,
} from '@catena/domain'
import { isRecord, type LedgerEvent } from '@catena/ledger'
import type pg from 'pg'
import { foldFacts, observe, rowsOf, SeenNames } from './rows.js'
import { interpretIdentityDecision } from './identity-decision.js'
import type { WriteBatch } from '../runner.js'
import { mergeKnownFacts, mergeKnownKeys } from './merge-known.js'
import { stretchOf, type MentionStretch } from './mentions.js'
import { isTimed, nameOf, notInterpreted } from './not-interpreted.js'
import { resolveUnwrapped } from './resolve-unwrapped.js'
import { appendRows, mergeShared, STAGING } from './write-rows.js'

/** Groups of names remembered between batches: a token's names are written once, not at each of its uses. */
const SEEN_NAMES_MAX = 50_000

/** The clock of a source may be so far ahead of the ledger's; a record that is dated later was stamped by a wrong one. */
const CLOCK_MAX_MS = 5_000

export interface Interpretation {
  readonly sources: readonly SourceInstance[]
  readonly connectorFor: (kind: SourceKind) => Connector
}

/** The activity that a ledger event tells of; undefined for decisions but those on identities, erased records and sources no longer configured. */
export function interpretEvent(event: LedgerEvent, { sources, connectorFor }: Interpretation): Activity | undefined {
  const decided = interpretIdentityDecision(event)
  if (decided !== undefined) return decided
  const source = sources.find(({ id }) => id === event.source)
  if (source === undefined || event.payload === undefined || !isRecord(event)) return undefined
  const activity = readRecord(event, event.payload, source, connectorFor(source.kind))
  return activity.occurredAt > event.recordedAt + CLOCK_MAX_MS ? { ...activity, heardAt: event.recordedAt } : activity
}

/** One record that a connector fails on must not keep everybody from all others. */
function readRecord(event: LedgerEvent, stored: Buffer, source: SourceInstance, connector: Connector): Activity {
  try {
    const payload = liftPayload(connector, event.schemaVersion, JSON.parse(stored.toString('utf8')) as JsonObject)
    const activity = connector.interpret(
      {
        position: event.position,
        source: event.source,
        stream: event.sourceStream,
        type: event.type,
        occurredAt: event.occurredAt,
        recordedAt: event.recordedAt,
        recordId: event.recordId,
        payload,
      },
      source,
    )
    return isTimed(activity) ? activity : notInterpreted(event, 'no time')
  } catch (error) {
    return notInterpreted(event, nameOf(error))
  }
}

/** Facts, correlation keys, their names, credentials and standing keys: what walks and lists are answered from. */
export class AccessIndexProjection {
  static readonly projectionName = 'access-index'
  /** Raised when rows would come out differently. */
  static readonly version = 12

  private seenNames = new SeenNames(SEEN_NAMES_MAX)

  constructor(
    private readonly interpretation: Interpretation,
    /** Told of what is interpreted, before it is written. */
    private readonly tell?: (stretch: MentionStretch) => void,
  ) {}

  /** Prepares a connection for the batches to come. */
  async prepare(client: pg.Client): Promise<void> {
    await client.query(STAGING)
  }

  interpret(events: readonly LedgerEvent[]): WriteBatch {
    const activities = events.map((event) => interpretEvent(event, this.interpretation))
    const stretch = this.tell === undefined ? undefined : stretchOf(events, activities)
    if (stretch !== undefined) this.tell?.(stretch)
    const observed = observe(activities.filter((activity) => activity !== undefined))
    const facts = foldFacts(observed)
    return async (client) => {
      const known = await mergeKnownFacts(client, facts)
      const rows = rowsOf(observed, facts, this.seenNames)
      await mergeKnownKeys(client, rows.keys, known)
      await appendRows(client, rows)
      await resolveUnwrapped(client, rows, await mergeShared(client, rows))
    }
  }

  /** Forgets what a failed batch may have remembered. */
  reset(): void {
    this.seenNames = new SeenNames(SEEN_NAMES_MAX)
  }
}
