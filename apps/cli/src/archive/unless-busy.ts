import { CommandFailure } from '../exit-codes.js'

/** SQLSTATE lock_not_available. */
const LOCK_TIMEOUT = '55P03'

/** To exchange a partition waits for its readers, for some seconds; they wait behind it. */
export async function unlessBusy<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if ((error as { code?: unknown }).code !== LOCK_TIMEOUT) throw error
    throw new CommandFailure(
      'the ledger is being read by something that takes long: what was under way stays where it was; run it again, and `catena archive list` tells what is where',
    )
  }
}
