import type { Decided } from '@catena/domain'
import type { CampaignState, LaunchedCampaign } from '../campaign/state.js'
import { commandCampaign, launchCampaign } from '../desk/campaigns.js'
import { countBeforeLaterStage, countItems, standing } from '../desk/count-items.js'
import type { RecertificationDesk } from '../desk/desk.js'
import { commandItems, loadItems } from '../desk/items.js'
import { listsShowAll } from '../desk/lists-show-all.js'
import { campaignItems, openWork } from '../desk/work.js'
import { OPEN } from '../item/state.js'
import { assign, People } from '../reviewers/assign.js'
import { daysLater } from '../schedule/wall-clock.js'
import { forEach, idsOf, orderRemediations, verifyRemediations } from './carry-out.js'
import { sealCampaign } from './seal-campaign.js'

/** A campaign that is being populated for longer was left by a process that died. */
const POPULATING_MAX_MS = 15 * 60_000
const PAGE = 500

/** Statuses in which what becomes known later still matters. */
const WATCHED: readonly string[] = ['active', 'paused', 'closing', 'remediating', 'verifying']

export function isWatched(state: CampaignState): state is LaunchedCampaign {
  return WATCHED.includes(state.status)
}

/** One step on, as far as the clock and the items allow. Everything here may be done twice: each command asks whether it still applies. */
export async function proceed(desk: RecertificationDesk, state: CampaignState, by: Decided): Promise<void> {
  switch (state.status) {
    case 'scheduled':
      await launchCampaign(desk, state.id, by)
      return
    case 'populating':
      if (by.at - state.scheduledFor > POPULATING_MAX_MS) await launchCampaign(desk, state.id, by)
      return
    case 'ready':
      await commandCampaign(desk, state.id, { type: 'LaunchCampaign' }, by)
      return
    case 'active':
      return advanceActive(desk, state, by)
    case 'closing':
      return finishItems(desk, state.id, by)
    case 'remediating':
      return advanceRemediation(desk, state, by)
    case 'verifying':
      return advanceVerification(desk, state, by)
    default:
      return undefined
  }
} // prettier-ignore

type Active = Extract<CampaignState, { readonly status: 'active' }>

async function advanceActive(desk: RecertificationDesk, state: Active, by: Decided): Promise<void> {
  const due = state.stages[state.stage]?.dueAt ?? state.graceUntil
  const isOver = by.at >= due || state.definition.remediation === 'automatic'
  await forEach(
    desk,
    await decidedUpTo(desk, state.id, isOver ? state.stage : state.stage - 1),
    { type: 'CompleteStage' },
    by,
  )
  const next = state.stages[state.stage + 1]
  if (next !== undefined && by.at >= next.opensAt) {
    await commandCampaign(desk, state.id, { type: 'OpenStage', stage: state.stage + 1 }, by)
    return
  }
  await assignStage(desk, state, by)
  await remind(desk, state, due, by)
  await climb(desk, state, due, by)
  await closeWhenOver(desk, state, by)
}

/** Items whose earlier stage came to something get the reviewers of this one. */
async function assignStage(desk: RecertificationDesk, state: Active, by: Decided): Promise<void> {
  if (state.stage === 0) return
  const people = new People(desk.directory, await desk.summary.newest())
  const rules = state.definition.stages[state.stage]?.reviewers ?? []
  for (const id of await idsOf(desk, state.id, ['pending'])) {
    const [loaded] = await loadItems(desk, [id])
    if (loaded === undefined || loaded.state.stage !== state.stage) continue
    const { reviewers } = await assign(rules, loaded.item.access, loaded.state.owner ?? loaded.item.owner, people, by.at, loaded.state)
    const known = await people.identities(reviewers)
    await commandItems(desk, [id], () => known.length === 0
      ? { type: 'Block', stage: state.stage, why: 'nobody is eligible to review it' }
      : { type: 'Assign', stage: state.stage, reviewers: known, why: 'the stage has begun' }, by)
  }
} // prettier-ignore

/** Who has not finished, also after the deadline; each day of the definition once. */
async function remind(desk: RecertificationDesk, state: Active, due: number, by: Decided): Promise<void> {
  const zone = state.definition.schedule?.zone ?? state.definition.zone
  for (const days of state.definition.remindDaysBefore) {
    const key = `remind ${state.stage}/${days}`
    if (state.reminders.includes(key) || by.at < daysLater(due, -days, zone)) continue
    const reviewers = (await openWork(desk.pool, [state.id])).map(({ reviewer }) => reviewer)
    await commandCampaign(desk, state.id, { type: 'NoteReminder', key, reviewers }, by)
  }
} // prettier-ignore

/** The ladder for what is overdue; each step once. */
async function climb(desk: RecertificationDesk, state: Active, due: number, by: Decided): Promise<void> {
  const zone = state.definition.schedule?.zone ?? state.definition.zone
  const people = new People(desk.directory, await desk.summary.newest())
  for (const [step, { afterDays, action, to = [] }] of state.definition.escalation.entries()) {
    const key = `escalate ${state.stage}/${step}`
    if (state.reminders.includes(key) || by.at < daysLater(due, afterDays, zone)) continue
    if (action === 'default-outcome' && (state.definition.silence !== 'revoke' || state.impactSeenBy === undefined)) continue
    if (action !== 'remind') {
      for await (const id of openItems(desk, state.id)) {
        const [loaded] = await loadItems(desk, [id])
        if (loaded === undefined) continue
        if (action === 'default-outcome') await commandItems(desk, [id], () => ({ type: 'SetDefault', outcome: { kind: 'revoke' } }), by)
        else {
          const { reviewers } = await assign(to, loaded.item.access, loaded.state.owner ?? loaded.item.owner, people, by.at, loaded.state)
          const known = await people.identities(reviewers)
          await commandItems(desk, [id], () => ({ type: 'Escalate', step, action, reviewers: known }), by)
        }
      }
    }
    await commandCampaign(desk, state.id, { type: 'NoteReminder', key, reviewers: [] }, by)
  }
} // prettier-ignore

async function* openItems(desk: RecertificationDesk, campaign: string): AsyncGenerator<string> {
  let after: readonly string[] | undefined
  for (;;) {
    const page = await campaignItems(desk.pool, campaign, PAGE, after)
    for (const { item, state } of page)
      if (['pending', 'assigned', 'escalated', 'drifted'].includes(state.status)) yield item.id
    if (page.length < PAGE) return
    after = page.at(-1)?.place
  }
}

/** Items that are decided in this stage or an earlier one. */
async function decidedUpTo({ pool }: Pick<RecertificationDesk, 'pool'>, campaign: string, stage: number): Promise<string[]> {
  const { rows } = await pool.query<{ item: string }>(
    `SELECT replace(item::text, '-', '') AS item FROM decisions.review_item
     WHERE campaign = $1 AND status = 'decided' AND (state ->> 'stage')::int <= $2 ORDER BY number`,
    [campaign, stage],
  )
  return rows.map(({ item }) => item)
} // prettier-ignore

/** A turn whose lists stay behind closes nothing: the next one counts anew. What is decided, and still has a stage before it, is not answered. */
async function closeWhenOver(desk: RecertificationDesk, state: Active, by: Decided): Promise<void> {
  if (!(await listsShowAll(desk))) return
  const counts = await countItems(desk.pool, state.id)
  const waiting = await countBeforeLaterStage(desk.pool, state.id, state.stages.length)
  const open = counts.untouched + standing(counts, 'pending', 'assigned', 'escalated', 'drifted') + waiting
  if (open > 0 && by.at < state.graceUntil) return
  const why = open === 0 ? 'every item is answered' : 'time is up'
  await commandCampaign(desk, state.id, { type: 'CloseCampaign', open, why }, by)
}

/** Also after the sign-off: whatever is open then would be neither carried out nor expired. */
async function finishItems(desk: RecertificationDesk, campaign: string, by: Decided): Promise<void> {
  await forEach(desk, await idsOf(desk, campaign, [...OPEN]), { type: 'Finish' }, by)
}

async function advanceRemediation(desk: RecertificationDesk, state: LaunchedCampaign, by: Decided): Promise<void> {
  await finishItems(desk, state.id, by)
  await orderRemediations(desk, state.id, state.definition, by)
  await verifyRemediations(desk, state.id, state.definition, by)
  if (!(await listsShowAll(desk))) return
  const counts = await countItems(desk.pool, state.id)
  const unapplied = standing(counts, ...OPEN, 'outcome set', 'remediating', 'apply failed', 'regressed')
  if (unapplied > 0) return
  const orders = (counts.byOutcome.get('revoke') ?? 0) + (counts.byOutcome.get('modify') ?? 0)
  await commandCampaign(desk, state.id, { type: 'FinishRemediation', orders, unapplied }, by)
}

/** Sealed with everything that it came to, and only when the ledger has proven every order; what came back is ordered anew. */
async function advanceVerification(desk: RecertificationDesk, state: LaunchedCampaign, by: Decided): Promise<void> {
  await finishItems(desk, state.id, by)
  await verifyRemediations(desk, state.id, state.definition, by)
  await orderRemediations(desk, state.id, state.definition, by)
  await sealCampaign(desk, state, by)
}
