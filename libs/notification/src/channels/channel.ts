import type { Key } from '@catena/domain'
import type { Digest } from '../digest.js'

export interface Recipient {
  readonly person: Key
  readonly name: string
  /** Undefined: no directory has one. */
  readonly email: string | undefined
  /** A directory says that they have left, or are locked: nothing is sent. */
  readonly hasLeft?: boolean
}

/** A way to reach people. */
export interface Channel {
  readonly id: string
  /** Throws OutsideFailed. */
  send(recipient: Recipient, digest: Digest, signal: AbortSignal): Promise<void>
}
