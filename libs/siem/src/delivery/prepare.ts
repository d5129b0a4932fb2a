import { looksSecret } from '@catena/connectors'
import type { Instant } from '@catena/domain'
import type { FeedEvent } from '../feed/event.js'
import { fit, FORMATS, TOO_LARGE } from '../formats/index.js'
import { kafkaKey } from '../sinks/kafka-key.js'
import type { Outgoing } from '../sinks/sink.js'
import type { Destination } from './destinations/destination.js'

/** What may leave, and what may not, with the reason. */
export type Prepared = Outgoing | { readonly event: FeedEvent; readonly refused: string }

/** Renders an event for a destination, and looks over the final text once more before it leaves. */
export function prepare(
  { format, eventBytesMax, kind }: Pick<Destination, 'format' | 'eventBytesMax'> & Partial<Pick<Destination, 'kind'>>,
  event: FeedEvent,
  sentAt: Instant,
): Prepared {
  const text = fit(FORMATS[format], event, sentAt, eventBytesMax)
  if (text === TOO_LARGE) return { event, refused: `larger than ${eventBytesMax} bytes without its optional parts` }
  if (looksSecret(text) || besideText(event, kind).some(looksSecret))
    return { event, refused: 'holds what looks like a secret: it was not sent' }
  return { event, text }
}

/** What leaves with a text or in it, and cannot be told by the text alone: formats write a path right behind its container, and may name no credential. */
function besideText({ content }: FeedEvent, kind: Destination['kind'] | undefined): string[] {
  const { credential, credentialCandidates = [] } = content
  const containers = [credential, ...credentialCandidates].map((one) => one?.container ?? '')
  return kind === 'kafka' ? [...containers, kafkaKey(content)] : containers
}

export function isRefused(prepared: Prepared): prepared is { readonly event: FeedEvent; readonly refused: string } {
  return 'refused' in prepared
}
