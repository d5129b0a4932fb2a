import { formatInstant } from '@catena/domain'
import type { FeedEvent } from '../../feed/event.js'
import { wellFormed } from '../../feed/well-formed.js'
import type { Format } from '../format.js'

/** Digits of the sequence, which readers compare as text (CloudEvents extension `sequence`). */
const SEQUENCE_DIGITS = 16

/**
 * CloudEvents 1.0.2, structured mode. Consumers may take equal source and id for a repetition, so the id names the revision too; `catenaid`
 * is the same for all revisions of one thing. No send time: there is no attribute for it, so a repetition is equal byte for byte.
 */
export const CLOUDEVENTS: Format = {
  name: 'cloudevents',
  version: '1.0',
  contentType: 'application/cloudevents+json',
  render: (event) => JSON.stringify(toCloudEvent(event)),
}

export function toCloudEvent({ id, revision, hash, sequence, recordedAt, content }: FeedEvent): object {
  return {
    specversion: '1.0',
    id: `${id}.${revision}`,
    source: `/catena/sources/${encodeURIComponent(wellFormed(content.source))}`,
    type: `catena.${content.kind}.v1`,
    time: formatInstant(content.occurredAt),
    subject: content.credential?.id ?? content.reference,
    datacontenttype: 'application/json',
    sequence: String(sequence).padStart(SEQUENCE_DIGITS, '0'),
    recordedtime: formatInstant(recordedAt),
    catenaid: id,
    revision,
    data: { ...content, id, revision, hash },
  }
}
