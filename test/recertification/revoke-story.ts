import { isRefusal, type Key } from '@catena/domain'
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
import { openVaultLog } from './vault-log.js'

const DAY_MS = 86_400_000
const BOSS: Identity = { key: 'person:idp:boss' as Key, name: 'boss', aliases: [], groups: [], leftAt: undefined }
const MANAGER = 'person:idp:manager'

/** A Vault, real or recorded: where it is, and what its audit log says when. */
export interface VaultSide {
  readonly url: URL
  readonly tokenFile: string
  /** Its audit log once ana has logged in, read `secret/ledger` and had a certificate with a lease issued at `pki/issue/web`. */
  readonly before: string
  /** The same log once what was ordered was carried out, and the log of the server. */
  after(): Promise<readonly string[]>
  /** When the campaign runs. */
  readonly now: number
}

export interface Told {
  readonly held: CourseEntry
  /** Status of the item: while the order was held, once it was carried out, after later records. */
  readonly statuses: readonly ItemStatus[]
  readonly settled: CourseEntry
  readonly item: ItemState
}

/** A campaign revokes the certificates of one accessor; what is carried out, and what the ledger says of it. */
export async function tellRevokeStory(vault: VaultSide): Promise<Told> {
  const { ledger, reader, recertification, settle, feed, close } = await openVaultLog(vault.now)
  const settings: RemediationSettings = {
    systems: [{ id: 'vault', kind: 'vault', url: vault.url, actsOn: 'vault/real', tokenFile: vault.tokenFile, namespace: undefined, allow: ['revoke-lease', 'revoke-accessor'], gives: [] }],
    receivers: [],
  } // prettier-ignore
  const desk = { recertification, streams: ledger, openAccess: openAccessReader(reader), settings, hands: handsOf(settings) } // prettier-ignore
  const signal = new AbortController().signal
  const manager = { actor: MANAGER, at: vault.now }
  try {
    await feed(vault.before)
    const reviewers = [{ kind: 'people' as const, people: [BOSS.key] }]
    const definition = {
      ...DEFINITION_DEFAULTS, name: 'certificates', scope: 'path ~ "issue/web"', remediation: 'automatic' as const, launchIncomplete: true,
      stages: [{ name: 'boss', fromDay: 0, toDay: 14, quorum: 1, reviewers }],
    } // prettier-ignore
    required(await defineCampaign(recertification, 'certificates', definition, manager, true))
    await settle()
    const { id } = required(await scheduleCampaign(recertification, { definition: 'certificates', cause: 'by hand', at: vault.now }, manager)) // prettier-ignore
    const advance = async (until: string, at = vault.now): Promise<void> => {
      for (let turn = 0; turn < 20; turn++) {
        await settle()
        const { status } = await loadCampaign(recertification, id)
        if (status === until) return
        if (status === 'closing')
          await commandCampaign(recertification, id, { type: 'SignOff', reason: 'done', undecided: 0 }, { actor: MANAGER, at }) // prettier-ignore
        else await tick(recertification, at)
      }
      throw new Error(`the campaign is ${(await loadCampaign(recertification, id)).status}, not ${until}`)
    }
    await advance('active')
    const [listed] = await campaignItems(reader.pool, id, 10)
    const item = listed?.item.id ?? ''
    const asked = { items: [item], decision: { kind: 'revoke' as const }, reason: 'no longer needed', request: 'r' }
    required(await decideItems(recertification, asked, BOSS, { actor: BOSS.key, at: vault.now }))
    await advance('remediating')
    await tick(recertification, vault.now)
    await settle()
    const statuses: ItemStatus[] = []
    const look = async (): Promise<CourseEntry> => {
      await settle()
      statuses.push((await loadItems(recertification, [item]))[0]?.state.status ?? 'pending')
      const { entries } = await listOrders(reader.pool, {}, { limit: 10, after: undefined })
      return entries[0]!
    }
    await carryOutOrders(desk, vault.now, signal)
    const held = await look()
    const release = { do: 'Release' as const, reason: 'ana no longer needs the ledger', order: held.order, item, campaign: id } // prettier-ignore
    required(await handleCommand(ledger, course, { stream: courseStream(held.order), command: release, by: manager }))
    await settle()
    await carryOutOrders(desk, vault.now, signal)
    const settled = await look()
    // Cut off anywhere and begun again, it changes nothing.
    const head = await ledger.head()
    await carryOutOrders(desk, vault.now, signal)
    if ((await ledger.head()) !== head) throw new Error('a settled order was carried out again')
    for (const path of await vault.after()) await feed(path)
    await tick(recertification, vault.now + DAY_MS)
    await look()
    await tick(recertification, vault.now + 9 * DAY_MS)
    await look()
    const [last] = await loadItems(recertification, [item])
    return { held, statuses, settled, item: last!.state }
  } finally {
    await close()
  }
}

function required<T>(answer: T): Exclude<T, { refused: string }> {
  if (isRefusal(answer)) throw new Error(answer.message)
  return answer as Exclude<T, { refused: string }>
}
