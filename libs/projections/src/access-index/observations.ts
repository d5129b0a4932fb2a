import type { Activity } from '@catena/domain'
import type { Ledger } from '@catena/ledger'
import { interpretEvent, type Interpretation } from './project.js'

/** Events read at once; whoever else this process serves has a turn between. */
const EVENTS_AT_ONCE = 1_000

/** Of what the ledger tells after one position up to and with another; undefined where a record of them cannot be read (any more). */
export async function observationsOf(
  ledger: Pick<Ledger, 'read'>,
  interpretation: Interpretation,
  after: number,
  through: number,
): Promise<Activity[] | undefined> {
  const found: Activity[] = []
  for (let reached = after; reached < through;) {
    const events = await ledger.read(reached, Math.min(EVENTS_AT_ONCE, through - reached))
    reached = events.at(-1)?.position ?? missing(reached + 1)
    for (const event of events) {
      const activity = interpretEvent(event, interpretation)
      if (activity !== undefined) found.push(activity)
      else if (event.stream.startsWith('record:')) return undefined
    }
  }
  return found
}

function missing(position: number): never {
  throw new Error(`event ${position} is missing from the ledger: run \`catena verify\``)
}
