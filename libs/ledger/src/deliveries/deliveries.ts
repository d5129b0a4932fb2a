/** A webhook whose body is signed, and whose headers are not. Keyed hashes of 16 bytes each, of one source. */
export interface SignedDelivery {
  /** Of the bytes that the signature covers. */
  readonly signed: Buffer
  /** Of the headers from which the record takes anything. */
  readonly headers: Buffer
  /** Of the id that the sender gave the delivery; undefined where it gave none. */
  readonly id: Buffer | undefined
}

/**
 * `first`: nobody delivered these bytes before. `again`: the same bytes under the same headers. `other-headers`: the same bytes came under
 * others: a replay, or another event that reads alike. `other-body`: the id came with other bytes.
 */
export type DeliveryClaim = 'first' | 'again' | 'other-headers' | 'other-body'

/** Which signed deliveries were taken. Entries are only ever added. */
export interface Deliveries {
  /**
   * Binds the headers and the id to the signed bytes, for good, to whoever comes first. Durable when it resolves, before the record is:
   * a delivery that was lost in between is `again` when it is sent again.
   */
  claimDelivery(delivery: SignedDelivery): Promise<DeliveryClaim>
}
