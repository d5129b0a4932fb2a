import type { QuarantineEntry } from '@catena/ledger'
import { framed, frameWhole, RECORD_BYTES_MAX, TRUNCATED, type Framed } from '../framing/framed.js'
import type { IntakeKeys } from '../pipeline/intake-keys.js'
import { unwrap } from '../unwrapping/unwrap.js'

/** Where a record's bytes were looked for, and what stood there. */
export type Found =
  /** `source`: whose record the message itself says to be, where it says so. */
  | { readonly framed: Framed; readonly source?: string }
  /** For good: nobody has these bytes any more at the place where they were. */
  | { readonly gone: string }
  /** For now: the place could not be looked at. */
  | { readonly unreached: string }

/** The bytes of a range of a file, if they still are those of the record. */
export function foundInFile(entry: QuarantineEntry, bytes: Buffer, from: number, keys: IntakeKeys): Found {
  const one = framed(bytes, from, from + bytes.length, entry.reason === TRUNCATED)
  return isOf(entry, bytes, one, keys) ? { framed: one } : { gone: 'the file holds something else at these bytes' }
}

/** A whole message, if it still is that of the record. */
export function foundInMessage(
  entry: QuarantineEntry,
  value: Buffer | null,
  source: string | undefined,
  keys: IntakeKeys,
): Found {
  const one = value === null ? undefined : frameWhole(value)
  if (value === null || one === undefined || !isOf(entry, value, one, keys))
    return { gone: 'another message stands at this offset' }
  return { framed: one, ...(source === undefined ? {} : { source }) }
}

/** An entry's id is the keyed hash of the whole content, of its beginning where it is too long, or of the line in a shipper's wrapping. */
function isOf({ source, recordId }: QuarantineEntry, content: Buffer, one: Framed, keys: IntakeKeys): boolean {
  const record = one.kind === 'record' ? unwrap(one.text) : one.head
  return [record, content, content.subarray(0, RECORD_BYTES_MAX)].some(
    (candidate) => keys.recordId(source, candidate).toString('hex') === recordId,
  )
}
