import type { Decided } from '@catena/domain'
import type { CampaignEvent, Scheduled } from './events.js'
import type { CampaignState, LaunchedCampaign } from './state.js'

/** History has happened: an event that the state does not expect leaves it as it is. */
export function evolveCampaign(state: CampaignState, event: CampaignEvent, by: Decided): CampaignState {
  if (event.type === 'CampaignScheduled') return scheduled(event.data)
  if (state.status === 'draft') return state
  switch (event.type) {
    case 'CampaignPopulating':
      return { ...common(state), status: 'populating' }
    case 'CampaignBlocked':
      return { ...common(state), status: 'blocked', why: event.data.why }
    case 'PopulationFrozen': {
      const { frozen } = event.data
      return { ...common(state), status: frozen.items === 0 ? 'vacuous' : 'ready', frozen }
    }
    case 'CampaignLaunched':
      return 'frozen' in state
        ? { ...common(state), ...event.data, frozen: state.frozen, status: 'active', stage: 0 }
        : state
    case 'CampaignReminded':
      return { ...state, reminders: [...state.reminders, event.data.key] }
    case 'CampaignImpactSeen':
      return { ...state, impactSeenBy: event.data.by }
    case 'CampaignVoidAsked':
      return { ...state, voidAskedBy: event.data.by }
    case 'CampaignVoided':
      return { ...common(state), status: 'voided', why: event.data.why }
    default:
      return 'graceUntil' in state ? evolveLaunched(state, event, by) : state
  }
}

function evolveLaunched(state: LaunchedCampaign, event: CampaignEvent, { at }: Decided): CampaignState {
  const launched = { ...common(state), ...running(state) }
  const stage = 'stage' in state ? state.stage : 0
  const signedOffBy = 'signedOffBy' in state ? state.signedOffBy : ''
  switch (event.type) {
    case 'CampaignStageOpened':
      return { ...launched, status: 'active', stage: event.data.stage }
    case 'CampaignPaused':
      return { ...launched, status: 'paused', stage, why: event.data.why, pausedAt: at }
    case 'CampaignResumed':
    case 'CampaignExtended':
      return { ...launched, stages: event.data.stages, graceUntil: event.data.graceUntil, status: 'active', stage }
    case 'CampaignSupplemented':
      return { ...state, supplements: [...state.supplements, event.data.frozen] }
    case 'CampaignClosing':
      return { ...launched, status: 'closing' }
    case 'CampaignSignedOff':
      return { ...launched, status: 'remediating', signedOffBy: event.data.by }
    case 'CampaignRemediated':
      return { ...launched, status: 'verifying', signedOffBy }
    case 'CampaignSealed':
      return { ...launched, status: 'sealed', signedOffBy, ...sealedWith(event.data) }
    case 'CampaignWatchEnded':
      return 'sealedAt' in state ? { ...state, watchedTo: event.data.watchedTo } : state
    case 'CampaignReiterated':
      return state.status === 'sealed' ? { ...state, status: 'reiterated', by: event.data.by } : state
    default:
      return state
  }
}

function sealedWith({ figures, sealedAt, watchUntil }: Extract<CampaignEvent, { type: 'CampaignSealed' }>['data']) {
  return { figures, sealedAt, ...(watchUntil === undefined ? {} : { watchUntil }) }
}

function scheduled({ iterationOf, ...data }: Scheduled): CampaignState {
  return { ...data, iterationOf, status: 'scheduled', supplements: [], reminders: [], voidAskedBy: undefined, impactSeenBy: undefined }
} // prettier-ignore

function common(state: Exclude<CampaignState, { readonly status: 'draft' }>) {
  const { id, definition, definitionId, definitionVersion, cause, scheduledFor, iterationOf, supplements, reminders, voidAskedBy, impactSeenBy, only } = state
  return { ...(only === undefined ? {} : { only }), id, definition, definitionId, definitionVersion, cause, scheduledFor, iterationOf, supplements, reminders, voidAskedBy, impactSeenBy }
} // prettier-ignore

function running({ frozen, stages, graceUntil, launchedAt, caveats }: LaunchedCampaign) {
  return { frozen, stages, graceUntil, launchedAt, caveats }
}
