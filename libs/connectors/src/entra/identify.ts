import { parseInstant, text, type Identified, type Instant, type JsonObject } from '@catena/domain'
import { looksSecret } from '../redaction.js'
import { activityOf, plainName } from './activities.js'
import { bodyOf, classOf, streamOf } from './record.js'

/** The moment of the sign-in or change itself; the envelope's is when it was written. */
const STAMPS = ['createdDateTime', 'activityDateTime', 'timeGenerated'] as const

export function timeOf(record: JsonObject): Instant | undefined {
  const body = bodyOf(record)
  const stamps = [...STAMPS.map((name) => body[name]), record.time]
  return stamps.map((stamp) => (typeof stamp === 'string' ? parseInstant(stamp) : undefined)).find((time) => time !== undefined)
} // prettier-ignore

export function identifyEntra(record: JsonObject): Identified {
  const stream = streamOf(record)
  const occurredAt = timeOf(record)
  switch (stream) {
    case 'sign-ins':
      return { stream, type: `sign-in ${classOf(record)}`, occurredAt, known: true }
    case 'graph-activity':
      return { stream, type: 'graph request', occurredAt, known: true }
    case 'risk-events':
      return { stream, type: 'risk event', occurredAt, known: true }
    case 'audit':
      return { stream, ...auditType(bodyOf(record)), occurredAt }
    case undefined:
      return { stream: 'others', type: 'unknown', occurredAt, known: false }
  }
}

function auditType({ activityDisplayName }: JsonObject): Pick<Identified, 'type' | 'known'> {
  const name = nameIn(activityDisplayName)
  return { type: name ?? 'unknown', known: name !== undefined && activityOf(name) !== undefined }
}

/** The type stands in clear in a column, so only words pass. */
const WORDS = /^[A-Za-z][A-Za-z0-9 ()'\u2010-\u2015-]{2,100}$/

/** As a plain name: `update application - certificates and secrets management`, without brackets. */
function nameIn(value: unknown): string | undefined {
  const name = text(value)
  if (name === undefined || !WORDS.test(name) || looksSecret(name)) return undefined
  return plainName(name)
}
