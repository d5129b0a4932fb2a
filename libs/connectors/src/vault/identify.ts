import {
  isObject,
  parseInstant,
  text,
  UnreadableRecord,
  type Identified,
  type Instant,
  type JsonObject,
} from '@catena/domain'
import { parseObject, RECORD_LENGTH_MAX } from '../parsing.js'
import { typeName } from '../redaction.js'
import { isBanner } from './server-messages.js'
import { parseServerText } from './server-text.js'

/** Member of a record made of a line that is no JSON: the banner and the last line of a server log. */
export const PLAIN_LINE = '@text'

/** An audit record, after the text that an audit device may put before it, or a line of the server log. */
export function parseVault(line: string): JsonObject {
  if (line === cutOut?.text && line.length <= RECORD_LENGTH_MAX) return withoutPlainLine(cutOut.record)
  if (line.startsWith('{')) return withoutPlainLine(parseObject(line))
  const logged = parseServerText(line)
  if (logged !== undefined) return logged
  const record = withoutPrefix(line)
  if (record !== undefined) return parseObject(record)
  return /[{}]/.test(line) ? parseObject(line) : { [PLAIN_LINE]: line }
}

/**
 * The audit record behind the text that a device's option `prefix`, or syslog, puts before it. The server log has texts that end in
 * JSON of their own: only a whole audit record is cut out.
 */
export function withoutPrefix(line: string): string | undefined {
  const start = line.indexOf('{')
  if (start <= 0 || !/"type"\s*:\s*"/.test(line) || parseServerText(line) !== undefined) return undefined
  try {
    const record = JSON.parse(line.slice(start)) as unknown
    if (!isObject(record) || typeof record.type !== 'string' || typeof record.time !== 'string') return undefined
    if (isServerLine(record)) return undefined
    cutOut = { text: line.slice(start), record }
    return cutOut.text
  } catch {
    return undefined
  }
}

/** The record that was cut out last is the one that is read next: parsed once. */
let cutOut: { readonly text: string; readonly record: JsonObject } | undefined

/** A record that says of itself to be a plain line is none. */
function withoutPlainLine(record: JsonObject): JsonObject {
  if (Object.hasOwn(record, PLAIN_LINE))
    throw new UnreadableRecord('neither an audit record nor a line of the server log')
  return record
}

export function isServerLine(record: JsonObject): boolean {
  return typeof record[PLAIN_LINE] === 'string' || typeof record['@message'] === 'string'
}

/** The two halves that Vault writes; other types (`kmip-request`) have members of their own. */
export function isKnownHalf(record: JsonObject): boolean {
  return (record.type === 'request' || record.type === 'response') && isObject(record.request)
}

/** Audit devices write a text; a number would be read as milliseconds, which no version of Vault writes. */
export function timeOf(record: JsonObject): Instant | undefined {
  return typeof record.time === 'string' ? parseInstant(record.time) : undefined
}

export function identifyVault(record: JsonObject): Identified {
  if (isServerLine(record)) return identifyServerLine(record)
  return {
    stream: 'audit',
    type: typeName(record.type, 'unknown'),
    occurredAt: timeOf(record),
    known: isKnownHalf(record),
  }
}

function identifyServerLine(record: JsonObject): Identified {
  const plain = record[PLAIN_LINE]
  const stamp = record['@timestamp']
  return {
    stream: 'server',
    type: typeof plain === 'string' ? plainType(plain) : `server.${typeName(text(record['@module']), 'log')}`,
    occurredAt: typeof stamp === 'string' ? parseInstant(stamp) : undefined,
    known: typeof plain !== 'string' || isBanner(plain),
  }
}

function plainType(line: string): string {
  return isBanner(line) ? 'server.banner' : 'server.text'
}
