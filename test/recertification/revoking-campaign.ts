import { isRefusal, type Decided, type Key } from '@catena/domain'
import {
  campaignItems,
  commandCampaign,
  decideItems,
  defineCampaign,
  DEFINITION_DEFAULTS,
  loadCampaign,
  scheduleCampaign,
  tick,
  type Identity,
} from '@catena/recertification'
import type { FedLedger } from './fed-ledger.js'

const BOSS: Identity = { key: 'person:idp:boss' as Key, name: 'boss', aliases: [], groups: [], leftAt: undefined }
export const MANAGER = 'person:idp:manager'

/** A campaign over the one access that the scope selects, in which the boss revokes it, up to the ordering of what that asks for. */
export async function revokeByCampaign(
  { recertification, reader, settle }: FedLedger,
  scope: string,
  now: number,
): Promise<{ campaign: string; item: string }> {
  const manager: Decided = { actor: MANAGER, at: now }
  const definition = {
    ...DEFINITION_DEFAULTS, name: 'access', scope, remediation: 'automatic' as const, launchIncomplete: true,
    stages: [{ name: 'boss', fromDay: 0, toDay: 14, quorum: 1, reviewers: [{ kind: 'people' as const, people: [BOSS.key] }] }],
  } // prettier-ignore
  required(await defineCampaign(recertification, 'access', definition, manager, true))
  await settle()
  const { id: campaign } = required(await scheduleCampaign(recertification, { definition: 'access', cause: 'by hand', at: now }, manager)) // prettier-ignore
  const advance = async (until: string): Promise<void> => {
    for (let turn = 0; turn < 20; turn++) {
      await settle()
      const { status } = await loadCampaign(recertification, campaign)
      if (status === until) return
      if (status === 'closing')
        await commandCampaign(recertification, campaign, { type: 'SignOff', reason: 'done', undecided: 0 }, manager) // prettier-ignore
      else await tick(recertification, now)
    }
    throw new Error(`the campaign is ${(await loadCampaign(recertification, campaign)).status}, not ${until}`)
  }
  await advance('active')
  const listed = await campaignItems(reader.pool, campaign, 10)
  if (listed.length !== 1) throw new Error(`the scope selects ${listed.map(({ item }) => JSON.stringify(item.access.accessor)).join()}`) // prettier-ignore
  const item = listed[0]?.item.id ?? ''
  const asked = { items: [item], decision: { kind: 'revoke' as const }, reason: 'no longer needed', request: 'r' }
  required(await decideItems(recertification, asked, BOSS, { actor: BOSS.key, at: now }))
  await advance('remediating')
  await tick(recertification, now)
  await settle()
  return { campaign, item }
}

export function required<T>(answer: T): Exclude<T, { refused: string }> {
  if (isRefusal(answer)) throw new Error(answer.message)
  return answer as Exclude<T, { refused: string }>
}
