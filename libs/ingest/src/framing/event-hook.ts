import { eventsInHook } from '../unwrapping/envelopes.js'
import type { Framed } from './framed.js'

/**
 * The events inside an Okta event hook as records of their own; any other record as it is. Reading resumes behind the last of them, or
 * before the whole: an event that is read again is a duplicate.
 */
export function* eventsOf(record: Framed): Generator<Framed> {
  const events = record.kind === 'record' ? eventsInHook(record.text) : undefined
  if (record.kind !== 'record' || events === undefined) {
    yield record
    return
  }
  for (const [index, span] of events.entries()) {
    const text = record.text.slice(span.from, span.to)
    const from = record.from + Buffer.byteLength(record.text.slice(0, span.from))
    const isLast = index === events.length - 1
    yield { kind: 'record', text, from, to: from + Buffer.byteLength(text), next: isLast ? record.next : record.from }
  }
}
