import { isObject, type Json, type JsonObject } from '@catena/domain'
import { parseObject } from '../parsing.js'

/** Names that some collectors write in lower case, or without their sign. */
const ENTRY = new Map(
  ['insertId', 'logName', 'protoPayload', 'receiveTimestamp'].map((name) => [name.toLowerCase(), name]),
)
const PAYLOAD = new Map([
  ['at_sign_type', '@type'],
  ['at_type', '@type'],
])

/** One LogEntry, its members named as Cloud Logging names them. */
export function parseLogEntry(text: string): JsonObject {
  const entry = renamed(parseObject(text), ENTRY)
  return isObject(entry.protoPayload) ? { ...entry, protoPayload: renamed(entry.protoPayload, PAYLOAD) } : entry
}

function renamed(holder: JsonObject, names: ReadonlyMap<string, string>): JsonObject {
  const members = Object.entries(holder).map(([name, member]): [string, Json | undefined] => {
    const known = names.get(name)
    return [known === undefined || known in holder ? name : known, member]
  })
  return Object.fromEntries(members)
}
