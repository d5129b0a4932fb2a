import type { Instant } from '@catena/domain'
import type { FeedEvent } from '../feed/event.js'
import { feedId } from '../feed/feed-id.js'

/** Says how far the feed is and how far this destination, so that a receiver can tell silence from peace. No part of the feed. */
export function heartbeat(destination: string, sent: number, head: number, at: Instant): FeedEvent {
  const summary = `alive: ${sent} of ${head} events are sent to ${destination}`
  return ownEvent('heartbeat', { destination, at, summary, sequence: sent, details: { sent: String(sent), highWatermark: String(head) } }) // prettier-ignore
}

export function testEvent(destination: string, sequence: number, at: Instant): FeedEvent {
  const summary = `a test of the destination ${destination}; nothing happened`
  return ownEvent('test', { destination, at, summary, sequence, details: {} })
}

function ownEvent(
  kind: 'heartbeat' | 'test',
  of: { destination: string; at: Instant; summary: string; sequence: number; details: Readonly<Record<string, string>> },
): FeedEvent {
  const reference = `${kind}/${of.destination}/${Math.floor(of.at)}`
  return {
    sequence: of.sequence,
    id: feedId(reference),
    revision: 1,
    hash: feedId(of.summary).slice(0, 16),
    recordedAt: of.at,
    content: {
      kind,
      severity: 1,
      occurredAt: of.at,
      outcome: 'succeeded',
      source: 'catena',
      reference,
      type: kind,
      summary: of.summary,
      entity: { type: 'export destination', id: of.destination, name: of.destination },
      details: of.details,
    },
  }
} // prettier-ignore
