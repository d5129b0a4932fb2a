import type { Decided, Instant, Key } from '@catena/domain'
import { campaignRules, type CampaignCommand } from '../campaign/decider.js'
import type { Frozen } from '../campaign/facts.js'
import type { CampaignState } from '../campaign/state.js'
import { DEFINITION_DEFAULTS, type Definition } from '../definition/definition.js'
import { scopeHash } from '../definition/scope.js'
import { certify } from '../population/certificate.js'
import { freezeItem, type FrozenItem } from '../population/frozen-item.js'
import type { AccessRow } from '../ports/access-summary.js'
import type { Identity } from '../ports/people.js'
import { accessRow } from './access.js'

export const DAY_MS = 86_400_000
/** When campaigns of tests are launched. */
export const LAUNCH: Instant = Date.UTC(2026, 5, 1, 9)

export function personKey(name: string): Key {
  return `person:idp:${name}` as Key
}

export function identity(name: string, more: Partial<Identity> = {}): Identity {
  return { key: personKey(name), name, aliases: [], groups: [], leftAt: undefined, ...more }
}

/** 14 days and 7 of grace; the reviewer is `boss`. */
export function definition(more: Partial<Definition> = {}): Definition {
  const reviewers = [{ kind: 'people' as const, people: [personKey('boss')] }]
  return {
    ...DEFINITION_DEFAULTS,
    name: 'test',
    scope: 'all',
    stages: [{ name: 'owner', fromDay: 0, toDay: 14, quorum: 1, reviewers }],
    ...more,
  }
}

export function frozen(more: Partial<Frozen> = {}): Frozen {
  return {
    population: 'p1', position: 100, at: LAUNCH, scope: 'all', scopeHash: scopeHash('all'), summaryVersion: 't', items: 1, hash: 'h',
    blocked: 0, uncertain: 0, certificate: certify(100, LAUNCH, []), ...more,
  } // prettier-ignore
}

export function runCampaign(commands: readonly (CampaignCommand & { readonly at?: Instant; readonly actor?: string })[]): CampaignState {
  return commands.reduce<CampaignState>((state, { at = LAUNCH, actor = 'person:manager', ...command }) => {
    const answer = campaignRules.decide(state, command, { actor, at })
    if (!Array.isArray(answer)) throw new Error(`${command.type}: ${JSON.stringify(answer)}`)
    return (answer as Parameters<typeof campaignRules.evolve>[1][]).reduce((reached, event) => campaignRules.evolve(reached, event, { actor, at }), state)
  }, campaignRules.initial)
} // prettier-ignore

export const LAUNCHING = (more: Partial<Definition> = {}): CampaignCommand[] => [
  { type: 'ScheduleCampaign', scheduled: { id: 'c1', definition: definition(more), definitionId: 'd1', definitionVersion: 1, cause: 'by hand', scheduledFor: LAUNCH } },
  { type: 'BeginPopulation', position: 100 },
  { type: 'FreezePopulation', frozen: frozen() },
  { type: 'LaunchCampaign' },
] // prettier-ignore

export function activeCampaign(more: Partial<Definition> = {}): CampaignState {
  return runCampaign(LAUNCHING(more))
}

export function frozenItem(row: Partial<AccessRow> = {}, reviewers: readonly Key[] = [personKey('boss')]): FrozenItem {
  return freezeItem({ campaign: 'c1', at: LAUNCH }, 1, accessRow(row), { owner: undefined, reviewers, notReviewers: [], hasLeft: false, isUncertain: false })
} // prettier-ignore

export function on(day: number, actor = 'person:manager'): Decided {
  return { actor, at: LAUNCH + day * DAY_MS }
}
