import { isObject, UnreadableRecord, type JsonObject } from '@catena/domain'
import { objectOr, parseObject, RECORD_LENGTH_MAX } from '../parsing.js'
import { parseCef, parseLeef } from './syslog.js'

const HEADER =
  /^(?:<\d{1,3}>)?(?:1 )?(?:(\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:\d\d))|[A-Z][a-z]{2} [ \d]\d [\d:]{8}) \S{1,255}:? /

/** What a syslog header stands before: the vault's own JSON. */
export function withoutHeader(line: string): string | undefined {
  const header = HEADER.exec(line)?.[0]
  return header !== undefined && line.startsWith('{', header.length) ? line.slice(header.length) : undefined
}

/**
 * One form for what the vault writes as JSON, CEF or LEEF: `audit_record` with the names of its own translator files. Events of the
 * platform's audit service stay as they are.
 */
export function parseRecord(text: string): JsonObject {
  if (text.length > RECORD_LENGTH_MAX) throw new UnreadableRecord('record over 1 MiB')
  const [header = '', time] = HEADER.exec(text) ?? []
  const body = text.slice(header.length)
  if (body.trimStart().startsWith('{')) return unwrapped(parseObject(body))
  const record = body.startsWith('CEF:') ? parseCef(body) : body.startsWith('LEEF:') ? parseLeef(body) : undefined
  if (record === undefined) throw new UnreadableRecord('neither JSON nor CEF nor LEEF')
  return time === undefined ? record : { ...record, header: { time } }
}

function unwrapped(record: JsonObject): JsonObject {
  const inner = objectOr(record.syslog).audit_record
  return isObject(inner) ? { format: 'json', audit_record: inner } : record
}
