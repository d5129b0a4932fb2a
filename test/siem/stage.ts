import { basename } from 'node:path'
import { WALK_DEFAULTS } from '@catena/access-chain'
import { connectorFor } from '@catena/connectors'
import { deriveIntakeKeys, ingestFile } from '@catena/ingest'
import { PostgresLedger } from '@catena/ledger'
import { createPool, prepareRoles, systemClock } from '@catena/platform'
import { AccessReader, HeardMentions, MentionTeller, type Interpretation } from '@catena/projections'
import { accessIndexRunner, rebuildAccessIndex } from '@catena/runtime'
import { FeedWriter, readFeed, type FeedEvent } from '@catena/siem'
import { openRecording, startTestPostgres, type Recording } from '@catena/testing'
import type pg from 'pg'

/** Ledger, access index and feed of the recorded organisation, fed file by file. */
export interface FeedStage {
  readonly databaseUrl: string
  readonly ownerUrl: string
  readonly pool: pg.Pool
  readonly ledger: PostgresLedger
  readonly reader: AccessReader
  readonly interpretation: Interpretation
  /** Takes in these files of the recording, in this order. */
  take(names: readonly string[]): Promise<void>
  /** And waits for the feed after each. */
  feed(names: readonly string[]): Promise<void>
  caughtUp(): Promise<void>
  events(): Promise<FeedEvent[]>
  rebuild(): Promise<void>
  close(): Promise<void>
}

export interface FeedStageOptions {
  /** Without it the feed waits for whoever else leads it. */
  readonly isLed?: boolean
  /** As in one process, the feed hears from whoever keeps the access index; without it, as in several, it reads for itself. */
  readonly hears?: boolean
}

/** Of the recorded organisation, or of another whose sources and files are given. */
export async function openFeedStage(
  organisation?: Pick<Recording, 'sources' | 'files'>,
  { isLed = true, hears = true }: FeedStageOptions = {},
): Promise<FeedStage> {
  const postgres = await startTestPostgres()
  const { databaseUrl } = await prepareRoles(postgres.databaseUrl)
  const recording = organisation ?? (await openRecording())
  const interpretation = { sources: recording.sources, connectorFor }
  const ledger = new PostgresLedger({ databaseUrl })
  const pool = createPool(databaseUrl, { applicationName: 'spec' })
  const [teller, heard] = [new MentionTeller(databaseUrl), hears ? new HeardMentions(databaseUrl) : undefined]
  const settings = { ...WALK_DEFAULTS, sources: recording.sources }
  const reader = new AccessReader(pool, ledger, interpretation, settings, heard)
  const onError = (error: unknown): void => console.error(error)
  const index = accessIndexRunner({ databaseUrl, ledger, interpretation }, onError, (stretch) => teller.tell(stretch))
  index.start()
  const writer = new FeedWriter({ databaseUrl, ledger, reader, interpretation, clock: systemClock, onError })
  if (isLed) writer.start()
  const keys = deriveIntakeKeys(Buffer.alloc(32, 7))
  const caughtUp = async (): Promise<void> => writer.caughtUp(await ledger.head())
  const filesOf = (names: readonly string[]) =>
    names.flatMap((name) => recording.files.filter(({ path }) => basename(path).includes(name)))
  const take = ({ source, path }: Recording['files'][number]) =>
    ingestFile({ path, source, ledger, connectorFor, keys, final: true })
  return {
    databaseUrl,
    ownerUrl: postgres.databaseUrl,
    pool,
    ledger,
    reader,
    interpretation,
    caughtUp,
    take: async (names) => {
      for (const file of filesOf(names)) await take(file)
    },
    feed: async (names) => {
      for (const file of filesOf(names)) {
        await take(file)
        await caughtUp()
      }
    },
    events: () => readFeed(pool, 0, 1_000_000),
    rebuild: async () => {
      await rebuildAccessIndex({ databaseUrl, ledger, interpretation, ownerUrl: postgres.databaseUrl }, { acceptDifference: true })
    },
    close: async () => {
      await writer.stop()
      await index.stop()
      teller.close()
      heard?.close()
      await pool.end()
      await ledger.close()
      await postgres.stop()
    },
  } // prettier-ignore
}
