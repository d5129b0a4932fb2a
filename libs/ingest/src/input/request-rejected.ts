export type RejectionCode =
  | 'unauthenticated'
  | 'unknown-source'
  | 'wrong-source'
  | 'bad-signature'
  | 'body-too-large'
  | 'unsupported-encoding'
  | 'bad-encoding'
  | 'not-json'

/** Why a request was refused as a whole; nothing of it is stored, and sending it again unchanged is of no use. */
export class RequestRejected extends Error {
  constructor(
    readonly code: RejectionCode,
    message: string,
  ) {
    super(message)
    this.name = 'RequestRejected'
  }
}
