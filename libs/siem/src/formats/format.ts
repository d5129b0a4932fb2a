import type { Instant } from '@catena/domain'
import type { FeedEvent } from '../feed/event.js'

export const FORMAT_NAMES = ['ocsf', 'ecs', 'cef', 'cloudevents'] as const
export type FormatName = (typeof FORMAT_NAMES)[number]

/** How an event is written. Pure: the same event gives the same text but for the send time. */
export interface Format {
  readonly name: FormatName
  /** Of the vendor's specification. */
  readonly version: string
  readonly contentType: string
  /** One line without CR or LF, to be sent as UTF-8. */
  render(event: FeedEvent, sentAt: Instant): string
}
