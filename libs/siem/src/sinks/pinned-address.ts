import { allowedAddresses, ForbiddenAddress, type Resolve } from '@catena/platform'
import { DestinationClosed, ReceiverUnavailable } from './sink.js'

/** The address of a receiver, resolved once, to connect to that. Throws DestinationClosed where it is forbidden, and ReceiverUnavailable. */
export async function pinnedAddress(host: string, allowPrivate: boolean, resolve?: Resolve): Promise<string> {
  try {
    const [first = ''] = await allowedAddresses(host, allowPrivate, resolve)
    return first
  } catch (error) {
    if (error instanceof ForbiddenAddress) throw new DestinationClosed(error.message)
    throw new ReceiverUnavailable((error as Error).message)
  }
}
