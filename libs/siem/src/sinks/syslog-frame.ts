import { formatInstant } from '@catena/domain'
import type { Severity } from '../feed/kinds.js'
import type { Outgoing } from './sink.js'

/** Facility 13: log audit (RFC 5424 section 6.2.1). */
const FACILITY = 13
/** Severities of syslog: critical, error, warning, notice, informational. */
const SYSLOG_SEVERITIES: Readonly<Record<Severity, number>> = { 5: 2, 4: 3, 3: 4, 2: 5, 1: 6 }
/** Private enterprise number of documentation (RFC 5612). */
const SD_ID = 'catena@32473'
/** A byte order mark says that the message is UTF-8 (RFC 5424 section 6.4). */
const BOM = Buffer.from('\ufeff')

/**
 * `<PRI>1 TIMESTAMP HOSTNAME APP-NAME PROCID MSGID [SD] MSG` in UTF-8, without framing. The text is encoded by itself: in one string with the
 * byte order mark it would take two bytes a character, and three times as long.
 */
export function syslogMessage({ event, text }: Outgoing, hostname: string): Buffer {
  const { content } = event
  const priority = FACILITY * 8 + SYSLOG_SEVERITIES[content.severity]
  const time = formatInstant(Math.floor(event.recordedAt))
  const header = `<${priority}>1 ${time} ${asName(hostname, 255)} catena - ${asName(content.kind, 32)} ${structuredData(event)} `
  return Buffer.concat([Buffer.from(header), BOM, Buffer.from(text)])
}

function structuredData({ id, sequence, revision, content }: Outgoing['event']): string {
  const parameters = { id, sequence: String(sequence), revision: String(revision), source: content.source }
  const written = Object.entries(parameters).map(([name, value]) => `${name}="${escapeParameter(value)}"`)
  return `[${SD_ID} ${written.join(' ')}]`
}

/** RFC 5424 section 6.3.3. */
export function escapeParameter(value: string): string {
  // eslint-disable-next-line no-control-regex
  return value.replace(/[\u0000-\u001f\u007f]/g, ' ').replace(/["\\\]]/g, '\\$&')
}

/** Printable ASCII without spaces, or the nil value. */
function asName(text: string, lengthMax: number): string {
  return text.replace(/[^\u0021-\u007e]/g, '').slice(0, lengthMax) || '-'
}

/** RFC 6587 section 3.4.1 and RFC 5425 section 4.3: the length in bytes, a space, the message. */
export function octetCounted(message: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${message.length} `), message])
}
