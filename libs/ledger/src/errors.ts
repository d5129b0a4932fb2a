/** Somebody else appended to the stream: load it again, decide again. */
export class VersionConflict extends Error {
  readonly retryable = true
  constructor(
    readonly stream: string,
    readonly expected: number,
    readonly stands: number,
  ) {
    super(`stream ${stream} stands at version ${stands}, not at ${expected}`)
    this.name = 'VersionConflict'
  }
}

/**
 * The database did not answer. Nothing of an append is visible, except when its COMMIT was under way: the caller then learns
 * from the lane's offset or the stream's version which it was, so repeating is always safe.
 */
export class LedgerUnavailable extends Error {
  readonly retryable = true
  constructor(cause: unknown) {
    super(`the ledger is not available: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    this.name = 'LedgerUnavailable'
  }
}
