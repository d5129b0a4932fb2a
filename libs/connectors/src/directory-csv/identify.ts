import { parseInstant, text, type Identified, type JsonObject } from '@catena/domain'
import { typeName } from '../redaction.js'

/** A row as the import writes it: of what it is, when the list was made, and its columns by name. */
export function identifyRow(record: JsonObject): Identified {
  const row = text(record.row)
  return {
    stream: 'rows',
    type: typeName(row, 'unknown'),
    occurredAt: parseInstant(record.at),
    known: row === 'person' || row === 'workload',
  }
}
