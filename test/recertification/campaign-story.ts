import { isRefusal, type Key, type SourceInstance } from '@catena/domain'
import { handleCommand } from '@catena/ledger'
import type { RemediationSettings } from '@catena/platform'
import {
  campaignItems,
  commandCampaign,
  decideItems,
  defineCampaign,
  DEFINITION_DEFAULTS,
  loadCampaign,
  loadItems,
  scheduleCampaign,
  tick,
  type Identity,
  type ItemState,
  type ItemStatus,
} from '@catena/recertification'
import { carryOutOrders, course, courseStream, handsOf, listOrders, type CourseEntry } from '@catena/remediation'
import { openAccessReader } from '@catena/runtime'
import { openFedLedger, type RecordFile } from './fed-ledger.js'

const DAY_MS = 86_400_000
const BOSS: Identity = { key: 'person:idp:boss' as Key, name: 'boss', aliases: [], groups: [], leftAt: undefined }
const MANAGER = 'person:idp:manager'

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
  const { ledger, reader, recertification, settle, feed, close } = await openFedLedger(story.sources, settings, now)
  const desk = { recertification, streams: ledger, openAccess: openAccessReader(reader), settings, hands: handsOf(settings) } // prettier-ignore
  const signal = new AbortController().signal
  const manager = { actor: MANAGER, at: now }
  try {
    for (const file of story.before) await feed(file)
    const reviewers = [{ kind: 'people' as const, people: [BOSS.key] }]
    const definition = {
      ...DEFINITION_DEFAULTS, name: 'access', scope: story.scope, remediation: 'automatic' as const, launchIncomplete: true,
      stages: [{ name: 'boss', fromDay: 0, toDay: 14, quorum: 1, reviewers }],
    } // prettier-ignore
    required(await defineCampaign(recertification, 'access', definition, manager, true))
    await settle()
    const { id } = required(await scheduleCampaign(recertification, { definition: 'access', cause: 'by hand', at: now }, manager)) // prettier-ignore
    const advance = async (until: string): Promise<void> => {
      for (let turn = 0; turn < 20; turn++) {
        await settle()
        const { status } = await loadCampaign(recertification, id)
        if (status === until) return
        if (status === 'closing')
          await commandCampaign(recertification, id, { type: 'SignOff', reason: 'done', undecided: 0 }, { actor: MANAGER, at: now }) // prettier-ignore
        else await tick(recertification, now)
      }
      throw new Error(`the campaign is ${(await loadCampaign(recertification, id)).status}, not ${until}`)
    }
    await advance('active')
    const listed = await campaignItems(reader.pool, id, 10)
    if (listed.length !== 1) throw new Error(`the scope selects ${listed.map(({ item }) => JSON.stringify(item.access.accessor)).join()}`) // prettier-ignore
    const item = listed[0]?.item.id ?? ''
    const asked = { items: [item], decision: { kind: 'revoke' as const }, reason: 'no longer needed', request: 'r' }
    required(await decideItems(recertification, asked, BOSS, { actor: BOSS.key, at: now }))
    await advance('remediating')
    await tick(recertification, now)
    await settle()
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
      const release = { do: 'Release' as const, reason: 'ana no longer needs the rest', order: planned.order, item, campaign: id } // prettier-ignore
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

function required<T>(answer: T): Exclude<T, { refused: string }> {
  if (isRefusal(answer)) throw new Error(answer.message)
  return answer as Exclude<T, { refused: string }>
}
