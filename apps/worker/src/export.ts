import { existsSync } from 'node:fs'
import { systemClock, Thread, type KafkaConnection, type Logger } from '@catena/platform'
import type { AccessReader } from '@catena/projections'
import { kafkaFor, readingThreadData, type Instance, type ReadingThread, type ReadingThreadData } from '@catena/runtime'
import { DeliveryEngine, draftsOfLost, draftsOfSources, FeedWriter } from '@catena/siem'

/** What writing and sending the feed need. */
export interface ExportSurroundings extends ReadingThread {
  /** Undefined where no brokers are configured. */
  readonly connectKafka: (() => KafkaConnection) | undefined
}

/** A part of the process that is started once and stopped. */
export interface Startable {
  start(): void
  stop(): Promise<void>
}

/** Writes the feed and sends it to the destinations. */
export function feedAndSenders({ databaseUrl, ledger, interpretation, reader, logger, connectKafka }: ExportSurroundings): Startable {
  const writer = new FeedWriter({
    databaseUrl,
    ledger,
    reader,
    interpretation,
    clock: systemClock,
    onError: (error) => logger.error({ error }, 'the feed cannot be written; trying again'),
    onCut: () => logger.warn('a record reached more chains than are looked at again; the oldest keep what was told of them'),
    watch: async () => [
      ...draftsOfSources(interpretation.sources, await ledger.intake(), systemClock.now()),
      ...draftsOfLost(await reader.lostHours(await reader.asOf())),
    ],
  })
  const engine = new DeliveryEngine({
    databaseUrl,
    streams: ledger,
    clock: systemClock,
    random: Math.random,
    env: process.env,
    connectKafka,
    onError: (error, destination) => logger.error({ error, destination }, 'a destination cannot be served; trying again'),
  })
  return {
    start: () => {
      writer.start()
      engine.start()
    },
    stop: async () => {
      await Promise.all([writer.stop(), engine.stop()])
    },
  }
} // prettier-ignore

const THREAD = new URL('./export-thread.js', import.meta.url)

/** What the thread of feed and senders is begun with. */
export interface ExportThreadData extends ReadingThreadData {
  /** By the environment: a password there may be exchanged at any time, and what is copied into a thread stays what it is. */
  readonly withKafka: boolean
}

/**
 * The same in a thread of its own: neither records nor questions keep the feed waiting, nor it them. Where code is compiled only as it is loaded,
 * as in tests, there is no such file and the caller's thread does it.
 */
export function exportAside(instance: Instance, reader: AccessReader, logger: Logger): Startable {
  const { settings } = instance
  if (!existsSync(THREAD))
    return feedAndSenders({ ...instance, reader, logger, connectKafka: kafkaFor(settings, 'catena-export', logger) })
  const data: ExportThreadData = { ...readingThreadData(instance), withKafka: settings.kafka !== undefined }
  return new Thread({
    file: THREAD,
    data,
    onError: (error) => logger.error({ error }, 'the export ended; trying again'),
  })
}
