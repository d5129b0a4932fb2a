import { readSettings } from '@catena/platform'
import { inReadingThread, kafkaFor } from '@catena/runtime'
import { feedAndSenders, type ExportThreadData } from './export.js'

await inReadingThread(
  (given, data) => {
    const { withKafka } = data as ExportThreadData
    const connectKafka = withKafka ? kafkaFor(readSettings(process.env), 'catena-export', given.logger) : undefined
    return feedAndSenders({ ...given, connectKafka })
  },
  { hears: true },
)
