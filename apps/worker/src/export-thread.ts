import { connectorFor } from '@catena/connectors'
import { PostgresLedger } from '@catena/ledger'
import { createLogger, inThread, readSettings } from '@catena/platform'
import { kafkaFor, openReader } from '@catena/runtime'
import { feedAndSenders, type ExportThreadData } from './export.js'

await inThread((data) => {
  const { databaseUrl, sources, walk, logLevel, withKafka } = data as ExportThreadData
  const logger = createLogger(logLevel)
  const ledger = new PostgresLedger({ databaseUrl })
  const source = { databaseUrl, ledger, interpretation: { sources, connectorFor } }
  const { reader, close } = openReader({ ...source, configuration: { walk } })
  const connectKafka = withKafka ? kafkaFor(readSettings(process.env), 'catena-export', logger) : undefined
  const part = feedAndSenders({ ...source, reader, logger, connectKafka })
  part.start()
  const stop = async (): Promise<void> => {
    await part.stop()
    await close()
    await ledger.close()
  }
  return { stop }
})
