export type InputFailureCode =
  'cannot-open' | 'wrong-source' | 'binary' | 'gzip-ends-early' | 'gzip-corrupt' | 'cannot-read'

/** Why a file could not be read, or not to its end. */
export class InputFailure extends Error {
  constructor(
    readonly code: InputFailureCode,
    message: string,
  ) {
    super(message)
    this.name = 'InputFailure'
  }
}
