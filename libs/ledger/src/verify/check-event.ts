import { hash } from 'node:crypto'
import { envelopeOf, type EventFacts } from '../event-row.js'
import type { Finding } from './finding.js'

/** An event as it stands, hashes and all. */
export type StoredEvent = Omit<EventFacts, 'salt' | 'payload'> & {
  readonly salt: Buffer | undefined
  readonly payload: Buffer | undefined
  readonly payloadHash: Buffer
  readonly envelopeHash: Buffer
}

/**
 * Recomputes both hashes. Whoever edits an event and its hashes passes here, and fails where hashes were published before:
 * at the checkpoints of the evidence tree.
 */
export function checkEvent(event: StoredEvent): Finding[] {
  const findings: Finding[] = []
  const { position, salt, payload } = event
  if (salt !== undefined && payload !== undefined && !sha256(Buffer.concat([salt, payload])).equals(event.payloadHash))
    findings.push({
      kind: 'payload-altered',
      position,
      detail: 'payload or salt do not have the hash stored with them',
    })
  if (!sha256(envelopeOf(event, event.payloadHash)).equals(event.envelopeHash))
    findings.push({ kind: 'envelope-altered', position, detail: 'the envelope does not have the hash stored with it' })
  return findings
}

export function isErased(event: StoredEvent): boolean {
  return event.salt === undefined || event.payload === undefined
}

function sha256(bytes: Buffer | string): Buffer {
  return hash('sha256', bytes, 'buffer')
}
