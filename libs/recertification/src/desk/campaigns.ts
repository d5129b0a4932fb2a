import { randomUUID } from 'node:crypto'
import { isRefusal, refusal, type Decided, type Refusal } from '@catena/domain'
import { handleCommand, loadStream, type QuietStreams } from '@catena/ledger'
import { campaignDecider, campaignStream, type CampaignCode, type CampaignCommand } from '../campaign/decider.js'
import type { Frozen } from '../campaign/facts.js'
import type { CampaignState } from '../campaign/state.js'
import { definitionDecider, definitionStream, type DefinitionCode } from '../definition/decider.js'
import type { Definition } from '../definition/definition.js'
import { scopeHash } from '../definition/scope.js'
import { certify } from '../population/certificate.js'
import { AssignedHash } from '../population/assigned-hash.js'
import { dryRun, PopulationCount, type DryRun } from '../population/dry-run.js'
import { itemsOfCampaign } from '../population/of-campaign.js'
import type { SelectionCut } from '../population/select.js'
import type { FrozenItem } from '../population/frozen-item.js'
import { carriedOver, writePopulation } from '../population/store.js'
import { problemsOf } from '../definition/problems.js'
import { OPEN } from '../item/state.js'
import { countItems, figuresOf, standing } from './count-items.js'
import type { RecertificationDesk } from './desk.js'
import { listsShowAll } from './lists-show-all.js'

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

/** Longest cause that somebody writes, characters. */
const CAUSE_LENGTH_MAX = 200
/** How the cause of an iteration ends. */
const ITERATION = '.next'

/** A cause is a part of the campaign's id, as lists and indexes hold it; those that Catena makes for iterations and triggers are nobody's to take before. */
function problemOfCause(cause: string): string | undefined {
  if (cause.trim() === '' || cause.length > CAUSE_LENGTH_MAX || /\p{C}/u.test(cause))
    return `write what this run is in 1 to ${CAUSE_LENGTH_MAX} characters of one line, e.g. 2026-q2`
  return cause.endsWith(ITERATION) || /^micro-\d+-\d+$/.test(cause)
    ? `${cause} is what Catena calls an iteration or a micro-certification: call this run otherwise`
    : undefined
}

/** Begins a campaign of a definition. The same cause twice is the same campaign. */
export async function scheduleCampaign(
  desk: RecertificationDesk,
  { definition: definitionId, cause, at, iterationOf }: { definition: string; cause: string; at: number; iterationOf?: string },
  by: Decided,
): Promise<Handled | Refusal<CampaignCode | 'NO_DEFINITION'>> {
  const problem = iterationOf === undefined ? problemOfCause(cause) : undefined
  if (problem !== undefined) return refusal('BAD_INPUT', problem)
  const { state } = await loadStream(desk.streams, definitionDecider, definitionStream(definitionId))
  if (state.definition === undefined || state.isRetired) return refusal('NO_DEFINITION', `there is no definition ${definitionId} in force`)
  const id = `${definitionId}@${cause}`
  const scheduled = {
    id, definitionId, cause, definition: state.definition, definitionVersion: state.version, scheduledFor: at,
    ...(iterationOf === undefined ? {} : { iterationOf }),
  }
  return commandCampaign(desk, id, { type: 'ScheduleCampaign', scheduled }, by)
} // prettier-ignore

/** `quiet`: streams that the command was counted over; where one got an event since, VersionConflict is thrown. */
export async function commandCampaign(
  desk: Pick<RecertificationDesk, 'streams'>,
  id: string,
  command: CampaignCommand,
  by: Decided,
  quiet?: QuietStreams,
): Promise<Handled | Refusal<CampaignCode>> {
  const asked = { stream: campaignStream(id), command, by, ...(quiet === undefined ? {} : { quiet }) }
  const handled = await handleCommand(desk.streams, campaignDecider, asked)
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
  const frozen = await freeze(desk, id, state, position, by.at)
  if (typeof frozen === 'string') return commandCampaign(desk, id, { type: 'BlockCampaign', why: frozen }, by)
  const kept = await commandCampaign(desk, id, { type: 'FreezePopulation', frozen }, by)
  return isRefusal(kept) || frozen.items === 0 ? kept : commandCampaign(desk, id, { type: 'LaunchCampaign' }, by)
} // prettier-ignore

/** The frozen population, or why the campaign is blocked. An iteration takes up what the campaign before it left. */
async function freeze(desk: RecertificationDesk, id: string, state: Begun, position: number, at: number): Promise<Frozen | string> {
  const { definition, only } = state
  const cut = { position, validAt: at, at }
  const certificate = certify(position, at, await desk.summary.completeness(cut))
  const { incompletePercentMax, launchIncomplete } = definition
  // What something happened to is asked about at once, with the caveats written down.
  if (certificate.incompletePercent > incompletePercentMax && !launchIncomplete && only === undefined)
    return `the records are incomplete (${certificate.incompletePercent} % of the sources): ${certificate.caveats.join('; ')}`
  return writeFrozen(desk, id, definition, cut, certificate, await itemsOfCampaign(desk, state, cut))
} // prettier-ignore

type Begun = Exclude<CampaignState, { readonly status: 'draft' }>

/** Writes the items of a population or a supplement, and says what was written. */
export async function writeFrozen(
  desk: RecertificationDesk,
  id: string,
  { scope }: Definition,
  { position, at }: SelectionCut,
  certificate: Frozen['certificate'],
  selected: AsyncIterable<FrozenItem>,
): Promise<Frozen> {
  const [count, assigned] = [new PopulationCount(), new AssignedHash()]
  const population = `${id}.${randomUUID()}`
  await writePopulation(desk.pool, population, assigned.through(count.through(selected)))
  const { items, hash, blocked, uncertain } = count.counts()
  return { population, position, at, scope, scopeHash: scopeHash(scope), summaryVersion: desk.summary.version, items, hash, assigned: assigned.digest(), blocked, uncertain, certificate }
} // prettier-ignore

/** Signs off over a count that holds every decision which is recorded by then, once each of them was brought to its outcome. */
export async function signOffCampaign(desk: Pick<RecertificationDesk, 'streams' | 'pool'>, id: string, reason: string, by: Decided): Promise<Handled | Refusal<CampaignCode | 'LISTS_BEHIND'>> {
  if (!(await listsShowAll(desk))) return LISTS_BEHIND
  const counts = await countItems(desk.pool, id)
  const [undecided, unfinished] = [figuresOf(counts).expired, standing(counts, ...OPEN)]
  return commandCampaign(desk, id, { type: 'SignOff', reason, undecided, unfinished }, by)
} // prettier-ignore

const LISTS_BEHIND = refusal('LISTS_BEHIND', 'not everything that is recorded is counted yet: ask again')

/** Asks again, in a campaign of its own, what a sealed one left unanswered, contradicted or back after its end. The same campaign is reiterated once. */
export async function reiterateCampaign(desk: RecertificationDesk, id: string, by: Decided): Promise<Handled | Refusal<CampaignCode | 'NO_DEFINITION' | 'LISTS_BEHIND'>> {
  const state = await loadCampaign(desk, id)
  if (state.status === 'draft') return refusal('NO_CAMPAIGN', 'there is no such campaign')
  if (!(await listsShowAll(desk))) return LISTS_BEHIND
  const carried = (await carriedOver(desk.pool, id)).size
  const next = `${state.cause}${ITERATION}`
  const old = await commandCampaign(desk, id, { type: 'ReiterateCampaign', by: `${state.definitionId}@${next}`, carried }, by)
  if (isRefusal(old)) return old
  const scheduled = await scheduleCampaign(desk, { definition: state.definitionId, cause: next, at: by.at, iterationOf: id }, by)
  if (isRefusal(scheduled)) return scheduled
  const begun = await loadCampaign(desk, scheduled.id)
  return begun.status === 'scheduled' ? launchCampaign(desk, scheduled.id, by) : scheduled
} // prettier-ignore
