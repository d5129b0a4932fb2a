import { verifyAccessIndex, type AccessIndexVerification } from '@catena/projections'
import { interpretationVersion, type Instance } from '@catena/runtime'
import { CommandFailure } from '../exit-codes.js'

/** Facts compared by `--read-models sample`. */
export const SAMPLE_FACTS = 1_000

export function extentOf(text: string | undefined): 'all' | number | undefined {
  if (text === undefined || text === 'all') return text
  if (text === 'sample') return SAMPLE_FACTS
  throw new CommandFailure(`--read-models is "${text}": write sample or all`)
}

/** The access index against a fresh fold of the ledger. */
export function verifyReadModels(
  instance: Instance,
  extent: 'all' | number,
  onProgress: (done: number, of: number) => void,
): Promise<AccessIndexVerification> {
  const { databaseUrl, ledger, interpretation } = instance
  return verifyAccessIndex({
    databaseUrl,
    ledger,
    interpretation,
    version: interpretationVersion(instance),
    extent,
    onProgress,
  })
}
