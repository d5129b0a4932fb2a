import type { Instant } from '@catena/domain'
import type { FeedContent, FeedDraft } from './event.js'
import { feedId } from './feed-id.js'
import { severityOf, type FeedKind } from './kinds.js'

/** A draft of what Catena itself saw, with an id that is the same however often it is seen. */
export function draftOfObservation(of: {
  readonly id: string
  readonly kind: FeedKind
  readonly at: Instant
  readonly source: string
  readonly summary: string
  readonly entity: NonNullable<FeedContent['entity']>
  readonly details?: Readonly<Record<string, string>>
}): FeedDraft {
  return {
    id: feedId(of.id),
    content: {
      kind: of.kind,
      severity: severityOf(of.kind),
      occurredAt: of.at,
      outcome: 'unknown',
      source: of.source,
      reference: of.id,
      type: of.kind,
      summary: of.summary,
      entity: of.entity,
      ...(of.details === undefined ? {} : { details: of.details }),
    },
    positions: [],
  }
}
