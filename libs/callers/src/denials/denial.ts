/** Somebody known asked for what their roles do not allow. Arguments stay out of it: they can hold what nobody should keep. */
export interface Denial {
  /** Id of the caller. */
  readonly caller: string
  /** Name that the client gave the operation. */
  readonly operation: string | undefined
  /** What was asked for: fields of the schema, e.g. `Query.evidence`, or a door, e.g. `GET /v1/events`. */
  readonly fields: readonly string[]
  /** Id of the request, as in the log. */
  readonly request: string | undefined
}

/** What the ledger keeps of it; the caller is the event's actor. */
export interface AuthorizationDenied extends Omit<Denial, 'caller'> {
  /** How often one of these fields was refused to the same caller since it was last told, this one not counted: of several the most. */
  readonly before: number
}

export const AUTHORIZATION_DENIED = 'AuthorizationDenied'
export const DENIALS_STREAM_PREFIX = 'denials:'
