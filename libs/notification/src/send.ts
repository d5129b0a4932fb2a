import { OutsideFailed } from '@catena/platform'
import type { Channel, Recipient } from './channels/channel.js'
import type { Digest } from './digest.js'

/** Why it did not go out; undefined: it did. Nothing is sent after somebody who has left: by then the address may be another's. */
export async function sendTo(
  channel: Channel,
  recipient: Recipient,
  digest: Digest,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (recipient.hasLeft === true) return `${recipient.name} has left, or is locked, as a directory says`
  try {
    await channel.send(recipient, digest, signal)
    return undefined
  } catch (error) {
    if (error instanceof OutsideFailed) return error.message
    throw error
  }
}
