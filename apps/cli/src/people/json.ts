import { formatInstant } from '@catena/domain'
import { escapeJson } from '../terminal/escape.js'

/** Members of what the directory tells that are moments. */
const MOMENTS: ReadonlySet<string> = new Set([
  'at',
  'since',
  'from',
  'to',
  'saidFrom',
  'saidTo',
  'earliest',
  'groupsToldFrom',
])

/** For scripts: moments as other commands write them. */
export function showDirectory(value: unknown): string {
  const asText = (name: string, member: unknown): unknown =>
    MOMENTS.has(name) && typeof member === 'number' ? formatInstant(member) : member
  return `${escapeJson(JSON.stringify(value, asText, 2))}\n`
}
