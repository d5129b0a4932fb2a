import type { FeedEvent } from '../feed/event.js'
import { severityNamed } from '../feed/kinds.js'
import type { FeedFilter } from './destinations/destination.js'

/** Does a filter let an event through? An erased event goes everywhere: nobody can tell any more what it was. */
export function matches({ kinds, severity, sources }: FeedFilter, { content }: Pick<FeedEvent, 'content'>): boolean {
  if (content.kind === 'event-erased') return true
  if (kinds !== undefined && !kinds.includes(content.kind)) return false
  if (severity !== undefined && content.severity < (severityNamed(severity) ?? 1)) return false
  return sources === undefined || sources.includes(content.source)
}
