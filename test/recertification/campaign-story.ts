import type { SourceInstance } from '@catena/domain'
import { handleCommand } from '@catena/ledger'
import type { RemediationSettings } from '@catena/platform'
import { loadItems, tick, type ItemState, type ItemStatus } from '@catena/recertification'
import { carryOutOrders, course, courseStream, handsOf, listOrders, type CourseEntry } from '@catena/remediation'
import { openAccessReader } from '@catena/runtime'
import { openFedLedger, type RecordFile } from './fed-ledger.js'
import { MANAGER, required, revokeByCampaign } from './revoking-campaign.js'

const DAY_MS = 86_400_000

/** Systems, real or recorded: what they wrote when, and what may be done there. */
export interface StoryOf {
  readonly sources: readonly SourceInstance[]
  readonly settings: RemediationSettings
  /** Of the campaign; it selects one access. */
  readonly scope: string
  /** Records once ana has done what is then taken from her. */
  readonly before: readonly RecordFile[]
  /** Records once what was ordered was carried out. */
  after(): Promise<readonly RecordFile[]>
  /** When the campaign runs. */
  readonly now: number
}

export interface Told {
  /** After the first turn: held, where something else would end with it. */
  readonly planned: CourseEntry
  /** Status of the item: after the first turn; once it was released, if it was held; after the later records; after a silence. */
  readonly statuses: readonly ItemStatus[]
  readonly settled: CourseEntry
  readonly item: ItemState
}

/** A campaign revokes the access of one accessor; what is carried out, and what the ledger says of it. */
export async function tellRevocation(story: StoryOf): Promise<Told> {
  const { now, settings } = story
  const fed = await openFedLedger(story.sources, settings, now)
  const { ledger, reader, recertification, settle, feed, close } = fed
  const desk = { recertification, streams: ledger, openAccess: openAccessReader(reader), settings, hands: handsOf(settings) } // prettier-ignore
  const signal = new AbortController().signal
  const manager = { actor: MANAGER, at: now }
  try {
    for (const file of story.before) await feed(file)
    const { campaign, item } = await revokeByCampaign(fed, story.scope, now)
    const statuses: ItemStatus[] = []
    const look = async (): Promise<CourseEntry> => {
      await settle()
      statuses.push((await loadItems(recertification, [item]))[0]?.state.status ?? 'pending')
      const { entries } = await listOrders(reader.pool, {}, { limit: 10, after: undefined })
      return entries[0]!
    }
    await carryOutOrders(desk, now, signal)
    const planned = await look()
    if (planned.status === 'held') {
      const release = { do: 'Release' as const, reason: 'ana no longer needs the rest', order: planned.order, item, campaign } // prettier-ignore
      required(await handleCommand(ledger, course, { stream: courseStream(planned.order), command: release, by: manager })) // prettier-ignore
      await settle()
      await carryOutOrders(desk, now, signal)
    }
    const settled = await look()
    // Cut off anywhere and begun again, it changes nothing.
    const head = await ledger.head()
    await carryOutOrders(desk, now, signal)
    if ((await ledger.head()) !== head) throw new Error('a settled order was carried out again')
    // Without the records of the systems no time of silence verifies anything.
    await tick(recertification, now + 9 * DAY_MS)
    if ((await loadItems(recertification, [item]))[0]?.state.status === 'verified') throw new Error('verified by nothing') // prettier-ignore
    for (const file of await story.after()) await feed(file)
    await tick(recertification, now + DAY_MS)
    await look()
    await tick(recertification, now + 9 * DAY_MS)
    await look()
    const [last] = await loadItems(recertification, [item])
    return { planned, statuses, settled, item: last!.state }
  } finally {
    await close()
  }
}
