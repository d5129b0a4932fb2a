import { isLaunched, sharesOf, watchEnd, type CampaignState, type FiguresOver } from '@catena/recertification'
import type { Campaign } from './campaign.model.js'
import { Campaign as CampaignModel, CampaignFigures, CampaignFiguresRow } from './campaign.model.js'

export function toCampaign(state: CampaignState): Campaign | null {
  if (state.status === 'draft') return null
  const { id, definition, status, definitionId, definitionVersion } = state
  const frozen = 'frozen' in state ? state.frozen : undefined
  return Object.assign(new CampaignModel(), {
    id, status, definitionId, definitionVersion, name: definition.name, scope: definition.scope,
    why: 'why' in state ? state.why : '',
    cause: state.cause,
    triggers: state.only?.triggers ?? [],
    items: frozen?.items ?? null,
    blockedItems: frozen?.blocked ?? null,
    uncertainItems: frozen?.uncertain ?? null,
    populationHash: frozen?.hash ?? null,
    frozenAt: frozen?.position ?? null,
    certificate: frozen?.certificate ?? null,
    stage: 'stage' in state ? state.stage : null,
    dueAt: isLaunched(state) ? (state.stages.at(-1)?.dueAt ?? null) : null,
    graceUntil: isLaunched(state) ? state.graceUntil : null,
    watchUntil: 'sealedAt' in state ? watchEnd(state) : null,
    watchedTo: 'sealedAt' in state ? (state.watchedTo ?? null) : null,
  }) // prettier-ignore
}

export function toFigures({ rows, total, isCut }: FiguresOver): CampaignFigures {
  const campaigns = rows.map(({ campaign, figures }) => Object.assign(new CampaignFiguresRow(), { campaign: toCampaign(campaign), figures, ...shares(figures) })) // prettier-ignore
  return Object.assign(new CampaignFigures(), { campaigns, truncated: isCut, total, ...shares(total) })
}

function shares(figures: FiguresOver['total']): Pick<CampaignFigures, 'coverage' | 'timeliness'> {
  const { coverage, timeliness } = sharesOf(figures)
  return { coverage: coverage ?? null, timeliness: timeliness ?? null }
}
