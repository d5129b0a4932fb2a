import { refusal, type Refusal } from '@catena/domain'
import type { ItemCode, ItemCommand } from './commands.js'
import type { ItemContext } from './context.js'
import type { Contradicted, Contradiction, ItemEvent } from './events.js'
import type { ItemState } from './state.js'

type Noted = Extract<ItemCommand, { readonly type: 'NoteSinceSeal' }>

/** Said once: that it goes on says nothing new. Of anything else each new wording is news. */
const ONCE: ReadonlySet<Contradicted> = new Set(['uses', 'last use', 'came back'])

/** The decision stays, and the seal too: what speaks against them is on record beside them, each statement once. */
export function noteSinceSeal(state: ItemState, { contradictions, position }: Noted, { item, campaign }: ItemContext): readonly ItemEvent[] | Refusal<ItemCode> {
  if (campaign.status !== 'sealed' && campaign.status !== 'reiterated') return refusal('WRONG_STATUS', `the campaign is ${campaign.status}: it is not sealed`)
  if (!('outcome' in state)) return refusal('WRONG_STATUS', 'nothing was decided that could be contradicted')
  const news = contradictions.filter((one) => !isSaid(state, one))
  if (news.length === 0) return []
  const { credential } = item.access
  return [{ type: 'SealedDecisionImpeached', data: { campaign: item.campaign, credential: credential.id, subject: item.subject, contradictions: news, position } }]
} // prettier-ignore

/** Earlier versions told the times of it in other words. */
function isSameLastUse(said: string, about: Contradicted): boolean {
  return about === 'last use' && said.startsWith('late record: last use ')
}

function isSaid({ sinceSeal = [], impeachedBy }: ItemState, { about, why }: Contradiction): boolean {
  if (impeachedBy?.split('; ').some((said) => said === why || isSameLastUse(said, about)) === true) return true
  return sinceSeal.some((said) => said.about === about && (said.why === why || ONCE.has(about)))
}
