import type { Identified, JsonObject } from '@catena/domain'
import { isServiceEvent, readRecord, typeOf } from './record.js'

export function identifyRecord(record: JsonObject): Identified {
  const read = readRecord(record)
  return {
    stream: isServiceEvent(record) ? 'audits' : 'syslog',
    type: typeOf(read),
    occurredAt: read.at,
    known: read.code !== undefined,
  }
}
