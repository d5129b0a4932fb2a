import { randomUUID } from 'node:crypto'
import { isRefusal, refusal, type Decided, type Refusal } from '@catena/domain'
import { handleCommand, loadStream } from '@catena/ledger'
import { campaignDecider, campaignStream, type CampaignCode, type CampaignCommand } from '../campaign/decider.js'
import type { Frozen } from '../campaign/facts.js'
import type { CampaignState } from '../campaign/state.js'
import { definitionDecider, definitionStream, type DefinitionCode } from '../definition/decider.js'
import type { Definition } from '../definition/definition.js'
import { scopeHash } from '../definition/scope.js'
import { certify } from '../population/certificate.js'
import { dryRun, PopulationCount, type DryRun } from '../population/dry-run.js'
import { selectItems } from '../population/select.js'
import { writePopulation } from '../population/store.js'
import { problemsOf } from '../definition/problems.js'
import type { RecertificationDesk } from './desk.js'

export interface Handled {
  readonly id: string
  /** Of the last event; views that reached it show the outcome. */
  readonly position: number
}

/** Keeps a definition, or says everything that is wrong with it. `evenIfEmpty`: though it would find nothing or nobody today. */
export async function defineCampaign(
  desk: RecertificationDesk,
  id: string,
  definition: Definition,
  by: Decided,
  evenIfEmpty: boolean,
): Promise<Handled | Refusal<DefinitionCode | 'SELECTS_NOTHING' | 'NO_REVIEWER'>> {
  if (problemsOf(definition).length === 0 && !evenIfEmpty) {
    const found = await runDry(desk, definition, by.at)
    if (found.items === 0) return refusal('SELECTS_NOTHING', 'the scope selects nothing today: a campaign over it would be vacuous, which is no pass')
    if (found.blocked === found.items) return refusal('NO_REVIEWER', `the reviewer rules find nobody for any of ${found.items} items: name somebody as a fallback`)
  }
  const command = { type: 'Define' as const, id, definition }
  const handled = await handleCommand(desk.streams, definitionDecider, { stream: definitionStream(id), command, by })
  return isRefusal(handled) ? handled : { id, position: handled.position }
} // prettier-ignore

/** As known now, at that time; or as of an older position. */
export async function runDry(
  desk: RecertificationDesk,
  definition: Definition,
  at: number,
  position?: number,
): Promise<DryRun> {
  return dryRun(desk, definition, { position: position ?? (await desk.summary.newest()), validAt: at, at })
}

/** Begins a campaign of a definition. The same cause twice is the same campaign. */
export async function scheduleCampaign(
  desk: RecertificationDesk,
  { definition: definitionId, cause, at, iterationOf }: { definition: string; cause: string; at: number; iterationOf?: string },
  by: Decided,
): Promise<Handled | Refusal<CampaignCode | 'NO_DEFINITION'>> {
  const { state } = await loadStream(desk.streams, definitionDecider, definitionStream(definitionId))
  if (state.definition === undefined || state.isRetired) return refusal('NO_DEFINITION', `there is no definition ${definitionId} in force`)
  const id = `${definitionId}@${cause}`
  const scheduled = {
    id, definitionId, cause, definition: state.definition, definitionVersion: state.version, scheduledFor: at,
    ...(iterationOf === undefined ? {} : { iterationOf }),
  }
  return commandCampaign(desk, id, { type: 'ScheduleCampaign', scheduled }, by)
} // prettier-ignore

export async function commandCampaign(
  desk: Pick<RecertificationDesk, 'streams'>,
  id: string,
  command: CampaignCommand,
  by: Decided,
): Promise<Handled | Refusal<CampaignCode>> {
  const handled = await handleCommand(desk.streams, campaignDecider, { stream: campaignStream(id), command, by })
  return isRefusal(handled) ? handled : { id, position: handled.position }
}

export async function loadCampaign(desk: Pick<RecertificationDesk, 'streams'>, id: string): Promise<CampaignState> {
  return (await loadStream(desk.streams, campaignDecider, campaignStream(id))).state
}

/**
 * Freezes the population at the newest cut and launches. Whoever dies here leaves a campaign that is `populating`: the next one begins
 * again, with a population of its own, and the event that names one decides.
 */
export async function launchCampaign(
  desk: RecertificationDesk,
  id: string,
  by: Decided,
): Promise<Handled | Refusal<CampaignCode>> {
  return desk.summary.pinned((summary, position) => launchAt({ ...desk, summary }, id, position, by))
}

async function launchAt(desk: RecertificationDesk, id: string, position: number, by: Decided): Promise<Handled | Refusal<CampaignCode>> {
  const begun = await commandCampaign(desk, id, { type: 'BeginPopulation', position }, by)
  if (isRefusal(begun)) return begun
  const state = await loadCampaign(desk, id)
  if (state.status === 'draft') return refusal('NO_CAMPAIGN', 'there is no such campaign')
  const frozen = await freeze(desk, id, state.definition, position, by.at)
  if (typeof frozen === 'string') return commandCampaign(desk, id, { type: 'BlockCampaign', why: frozen }, by)
  const kept = await commandCampaign(desk, id, { type: 'FreezePopulation', frozen }, by)
  return isRefusal(kept) || frozen.items === 0 ? kept : commandCampaign(desk, id, { type: 'LaunchCampaign' }, by)
} // prettier-ignore

/** The frozen population, or why the campaign is blocked. */
async function freeze(desk: RecertificationDesk, id: string, definition: Definition, position: number, at: number): Promise<Frozen | string> {
  const cut = { position, validAt: at, at }
  const certificate = certify(position, at, await desk.summary.completeness(cut))
  const { incompletePercentMax, launchIncomplete, scope } = definition
  if (certificate.incompletePercent > incompletePercentMax && !launchIncomplete)
    return `the records are incomplete (${certificate.incompletePercent} % of the sources): ${certificate.caveats.join('; ')}`
  const count = new PopulationCount()
  const population = `${id}.${randomUUID()}`
  await writePopulation(desk.pool, population, count.through(selectItems(desk, definition, id, cut)))
  const { items, hash, blocked, uncertain } = count.counts()
  return { population, position, at, scope, scopeHash: scopeHash(scope), summaryVersion: desk.summary.version, items, hash, blocked, uncertain, certificate }
} // prettier-ignore

/** The same text, cut and time again: is the population still what was frozen? */
export async function regenerate(desk: RecertificationDesk, id: string): Promise<{ readonly hash: string; readonly isSame: boolean } | undefined> {
  const state = await loadCampaign(desk, id)
  if (!('frozen' in state)) return undefined
  const { position, at } = state.frozen
  const count = new PopulationCount()
  for await (const item of selectItems(desk, state.definition, id, { position, validAt: at, at })) count.add(item)
  const { hash } = count.counts()
  return { hash, isSame: hash === state.frozen.hash }
} // prettier-ignore
