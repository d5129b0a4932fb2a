import type { Activity } from '@catena/domain'
import { isRecord, type Ledger, type LedgerEvent } from '@catena/ledger'
import { interpretEvent, type Interpretation } from './project.js'

/** Events read at once; whoever else this process serves has a turn between. */
const EVENTS_AT_ONCE = 1_000
/** More records than these are not looked through: summing up anew what rests on them blocks nobody else meanwhile. */
export const RECORDS_MAX = 10_000

type Records = Pick<Ledger, 'read' | 'readAt' | 'recordSpans'>

/**
 * Of what the ledger tells after one position up to and with another; undefined where a record of them cannot be read (any more), and where there are
 * more records than RECORDS_MAX. Decisions tell nothing, so of many positions those of records are read alone.
 */
export async function observationsOf(
  ledger: Records,
  interpretation: Interpretation,
  after: number,
  through: number,
): Promise<Activity[] | undefined> {
  const positions = await toRead(ledger, after, through)
  if (positions.length > RECORDS_MAX) return undefined
  const found: Activity[] = []
  for (let from = 0; from < positions.length; from += EVENTS_AT_ONCE) {
    for (const event of await readAll(ledger, positions.slice(from, from + EVENTS_AT_ONCE))) {
      const activity = interpretEvent(event, interpretation)
      if (activity !== undefined) found.push(activity)
      else if (isRecord(event)) return undefined
    }
  }
  return found
}

/** Of few positions all, because to read some decisions is as quick as to ask where they are. No more than one above the limit. */
async function toRead(ledger: Records, after: number, through: number): Promise<number[]> {
  const isShort = through - after <= EVENTS_AT_ONCE
  const spans = isShort
    ? [{ first: after + 1, last: through }]
    : await ledger.recordSpans(after, through, RECORDS_MAX + 1)
  const positions: number[] = []
  for (const { first, last } of spans)
    for (let position = first; position <= last && positions.length <= RECORDS_MAX; position++) positions.push(position)
  return positions
}

async function readAll(ledger: Records, positions: readonly number[]): Promise<LedgerEvent[]> {
  const [first = 0, last = 0] = [positions[0], positions.at(-1)]
  const isWhole = last - first + 1 === positions.length
  const events = await (isWhole ? ledger.read(first - 1, positions.length) : ledger.readAt(positions))
  const missing = positions.find((position, index) => events[index]?.position !== position)
  if (missing !== undefined) throw new Error(`event ${missing} is missing from the ledger: run \`catena verify\``)
  return events
}
