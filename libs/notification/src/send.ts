import { OutsideFailed } from '@catena/platform'
import type { Channel, Recipient } from './channels/channel.js'
import type { Digest } from './digest.js'
import type { NoteNotification } from './told.js'

/** Why it did not go out. `isWithheld`: it was not tried, and goes out once that ends. */
export interface Unsent {
  readonly why: string
  readonly isWithheld: boolean
}

/** undefined: it went out. Nothing is sent after somebody who has left: by then the address may be another's. */
export async function sendTo(
  channel: Channel,
  recipient: Recipient,
  digest: Digest,
  signal: AbortSignal,
): Promise<Unsent | undefined> {
  if (recipient.hasLeft === true)
    return { why: `${recipient.name} has left, or is locked, as a directory says`, isWithheld: true }
  try {
    await channel.send(recipient, digest, signal)
    return undefined
  } catch (error) {
    if (error instanceof OutsideFailed) return { why: error.message, isWithheld: false }
    throw error
  }
}

/** How it is noted. */
export function noted(unsent: Unsent | undefined): Pick<NoteNotification, 'do' | 'why'> {
  if (unsent === undefined) return { do: 'NoteSent', why: '' }
  return { do: unsent.isWithheld ? 'NoteWithheld' : 'NoteFailed', why: unsent.why }
}
