import { isObject, type JsonObject } from '@catena/domain'
import { eventInEnvelope } from './envelopes.js'

/** Wrappings inside each other that are taken off: a shipper behind a shipper. */
const NESTING_MAX = 2

/** What shippers and container runtimes put beside the line they carry. */
const SHIPPER_MEMBERS = new Set([
  ...[
    '@timestamp',
    '@version',
    '@metadata',
    'agent',
    'beat',
    'cloud',
    'container',
    'data_stream',
    'ecs',
    'event',
    'fields',
    'fileset',
  ],
  ...[
    'host',
    'input',
    'kubernetes',
    'docker',
    'offset',
    'orchestrator',
    'process',
    'prospector',
    'service',
    'source',
    'stream',
    'tags',
  ],
  ...[
    'appname',
    'client_metadata',
    'facility',
    'file',
    'headers',
    'hostname',
    'message_key',
    'msgid',
    'namespace',
    'partition',
    'path',
    'port',
  ],
  ...[
    'procid',
    'severity',
    'source_id',
    'source_ip',
    'source_type',
    'timestamp',
    'topic',
    'version',
    'container_id',
    'container_name',
  ],
  ...[
    'container_created_at',
    'image',
    'label',
    'pod_name',
    'date',
    'time',
    'logtag',
    '_p',
    'filename',
    'tag',
    'attrs',
    'type',
  ],
])

/**
 * The exact line that Filebeat, Vector, Fluent Bit or a container runtime wrapped, the event inside an envelope of EventBridge or of an
 * Okta event hook, or the text itself. Only what is unmistakably a wrapping is taken off: one string with an object in it, and nothing beside it but a shipper's own members.
 */
export function unwrap(text: string): string {
  let current = text
  for (let depth = 0; depth < NESTING_MAX; depth += 1) {
    const inner = innerLine(current) ?? eventInEnvelope(current)
    if (inner === undefined) return current
    current = inner
  }
  return current
}

function innerLine(text: string): string | undefined {
  if (!mayWrap(text)) return undefined
  const wrapping = parse(text)
  if (wrapping === undefined) return undefined
  const carrier = typeof wrapping['message'] === 'string' ? 'message' : 'log'
  const line = wrapping[carrier]
  if (typeof line !== 'string' || !holdsObject(line)) return undefined
  const beside = Object.keys(wrapping).filter((name) => name !== carrier)
  if (!beside.every((name) => SHIPPER_MEMBERS.has(name) || isFilebeatLog(name, wrapping))) return undefined
  return isMarked(wrapping, carrier) ? line.trim() : undefined
}

/** Cheap and without false negatives for JSON inside JSON: a brace and an escaped quote, and a member that can carry it. */
function mayWrap(text: string): boolean {
  if (!text.includes('\\"')) return false
  return /"(?:message|log)"\s*:\s*"/.test(text) && text.startsWith('{')
}

/** Also one that breaks off: it is the line that is at fault then, not the wrapping. */
function holdsObject(line: string): boolean {
  return /\{\s{0,9}["}]/.test(line)
}

function isFilebeatLog(name: string, wrapping: JsonObject): boolean {
  return name === 'log' && isObject(wrapping['log'])
}

function isMarked(wrapping: JsonObject, carrier: 'message' | 'log'): boolean {
  const has = (...names: string[]): boolean => names.some((name) => Object.hasOwn(wrapping, name))
  if (carrier === 'log') return has('date', '@timestamp', 'time', 'timestamp', 'stream', 'kubernetes', 'filename')
  const filebeat = has('@timestamp') && has('agent', 'log', 'ecs', 'input', 'host', 'beat')
  const vector = has('source_type') || (has('timestamp') && has('file', 'host'))
  return filebeat || vector
}

function parse(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
