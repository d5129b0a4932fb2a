import { connectorFor } from '@catena/connectors'
import { PostgresLedger } from '@catena/ledger'
import { createLogger, inThread, type Configuration, type Logger, type LogLevel, type Thread } from '@catena/platform'
import type { AccessReader } from '@catena/projections'
import { openReader, type ReaderOptions } from './access.js'
import type { Instance } from './instance.js'

/** What a thread is begun with that reads chains: plain data. */
export interface ReadingThreadData {
  readonly databaseUrl: string
  readonly sources: Configuration['sources']
  readonly walk: Configuration['walk']
  readonly logLevel: LogLevel
}

/** What such a thread has of its own. */
export interface ReadingThread extends Pick<Instance, 'databaseUrl' | 'ledger' | 'interpretation'> {
  readonly reader: AccessReader
  readonly logger: Logger
}

export function readingThreadData({ databaseUrl, configuration, settings }: Instance): ReadingThreadData {
  const { sources, walk } = configuration
  return { databaseUrl, sources, walk, logLevel: settings.logLevel }
}

/** In the file of a thread: starts the part over a ledger and chains of its own, and closes both behind it. `data`: what the thread was begun with. */
export function inReadingThread(
  partOf: (given: ReadingThread, data: ReadingThreadData) => Pick<Thread, 'start' | 'stop'>,
  options?: ReaderOptions,
): Promise<void> {
  return inThread((given) => {
    const data = given as ReadingThreadData
    const { close, ...source } = openReading(data, options)
    const part = partOf({ ...source, logger: createLogger(data.logLevel) }, data)
    part.start()
    const stop = async (): Promise<void> => {
      await part.stop()
      await close()
    }
    return { stop }
  })
}

/** Ledger and chains for a thread's own use. */
export function openReading(
  { databaseUrl, sources, walk }: Omit<ReadingThreadData, 'logLevel'>,
  options?: ReaderOptions,
): Omit<ReadingThread, 'logger'> & { close: () => Promise<void> } {
  const ledger = new PostgresLedger({ databaseUrl })
  const source = { databaseUrl, ledger, interpretation: { sources, connectorFor } }
  const { reader, close: closeReader } = openReader({ ...source, configuration: { walk } }, options)
  const close = async (): Promise<void> => {
    await closeReader()
    await ledger.close()
  }
  return { ...source, reader, close }
}
