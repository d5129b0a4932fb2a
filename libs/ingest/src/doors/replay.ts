import type { Deliveries, DeliveryClaim } from '@catena/ledger'
import type { HttpHeaders } from '../input/read-body.js'
import type { IntakeKeys } from '../pipeline/intake-keys.js'

export interface ReplayWatch {
  readonly ledger: Deliveries
  readonly keys: IntakeKeys
  /** What of the headers goes into the record, as one text, and the delivery's id among it. The signature covers neither. */
  readonly unsignedIn: (headers: HttpHeaders) => { readonly text: string; readonly id: string | undefined }
}

/** Said where operators look: in the quarantine. */
const REPLAYS: Readonly<Partial<Record<DeliveryClaim, string>>> = {
  'other-headers':
    'its signed body came before under another event or delivery id: a replay, or an event that reads alike',
  'other-body': 'its delivery id came before with another body',
}

/**
 * A signature covers the body alone, so whoever holds a delivery can send it under any headers. A body is bound to the first that came with
 * it, and an id to its first body. Undefined: this is no replay, or the very same delivery again, which the ledger knows as a duplicate.
 */
export async function replayIn(
  { ledger, keys, unsignedIn }: ReplayWatch,
  source: string,
  headers: HttpHeaders,
  sent: Buffer,
): Promise<string | undefined> {
  const { text, id } = unsignedIn(headers)
  const hashOf = (what: string, value: string | Buffer): Buffer => keys.recordId(`${source}\0${what}`, value)
  const claim = await ledger.claimDelivery({
    signed: hashOf('signed', sent),
    headers: hashOf('headers', text),
    id: id === undefined ? undefined : hashOf('delivery', id),
  })
  return REPLAYS[claim]
}
