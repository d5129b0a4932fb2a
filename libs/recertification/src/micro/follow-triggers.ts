import { isRefusal, type Decided, type Instant, type Key } from '@catena/domain'
import { encodeDecision, handleCommand, loadStream, VersionConflict } from '@catena/ledger'
import { waitForView } from '@catena/projections'
import { campaignDecider, campaignStream } from '../campaign/decider.js'
import type { CampaignEvent } from '../campaign/events.js'
import { REVIEWS_PER_WEEK_MAX, type Definition, type Trigger } from '../definition/definition.js'
import { launchCampaign } from '../desk/campaigns.js'
import type { RecertificationDesk } from '../desk/desk.js'
import { followerAt, moveFollower } from '../desk/follower.js'
import { OPEN } from '../item/state.js'
import { loadItems } from '../desk/items.js'
import type { FrozenItem } from '../population/frozen-item.js'
import { itemId, subjectOf } from '../population/identity.js'
import { wantedRows } from '../population/of-campaign.js'
import { itemsOf } from '../population/select.js'
import { knownItems } from '../population/store.js'
import type { AccessRow } from '../ports/access-summary.js'
import { backlog, backlogStream, type Backlog, type BacklogEvent, type Answered } from './backlog.js'
import { withinBudget } from './budget.js'
import { findTriggers } from './find-triggers.js'

const WEEK_MS = 7 * 86_400_000
/** What was put off is looked at again once a minute, in its first seconds. */
const AGAIN_MS = 60_000
const FIRST_MS = 2_000
/** Credentials asked about in one micro-certification; the next follows at once. */
const CREDENTIALS_MAX = 500

interface Triggered {
  readonly id: string
  readonly version: number
  readonly definition: Definition
}

/**
 * Asks at once about accesses that something happened to: what happened to one credential meanwhile is asked together, who is asked already is
 * not asked twice, and what is more than a reviewer's budget waits. Whoever dies in between looks for the same again and finds it noted.
 */
export async function followTriggers(desk: RecertificationDesk, by: Decided): Promise<void> {
  const { rows } = await desk.pool.query<Triggered>(
    `SELECT id, version, definition FROM decisions.campaign_definition WHERE NOT retired AND jsonb_array_length(definition -> 'triggers') > 0 ORDER BY id`,
  )
  for (const definition of rows) {
    await noteTriggers(desk, definition, by)
    await ask(desk, definition, by)
  }
}

/** What happened before a definition was first seen here triggers nothing. What another process has noted meanwhile is left to the next turn. */
async function noteTriggers(desk: RecertificationDesk, { id, definition }: Triggered, by: Decided): Promise<void> {
  const name = `triggers:${id}`
  const reached = await followerAt(desk.pool, name)
  const newest = await desk.summary.newest()
  if (reached === undefined) return moveFollower(desk.pool, name, newest)
  const from = Math.max(reached, (await loadStream(desk.streams, backlog, backlogStream(id))).state.seenUntil)
  if (newest <= from) return
  await desk.summary.pinned(async (summary, position) => {
    // Whoever walked instead would hold up all others: the next turn looks from the same cut.
    if (position <= from || summary.isPrepared === false) return
    const found = await findTriggers({ ...desk, summary }, new Set<Trigger>(definition.triggers), { from, position }, by)
    const command = { type: 'NoteTriggers' as const, definition: id, after: from, until: position, found }
    const noted = await handleCommand(desk.streams, backlog, { stream: backlogStream(id), command, by })
    if (!isRefusal(noted)) await moveFollower(desk.pool, name, position)
  })
} // prettier-ignore

async function ask(desk: RecertificationDesk, triggered: Triggered, by: Decided): Promise<void> {
  const stream = backlogStream(triggered.id)
  const { state, version, position: noted } = await loadStream(desk.streams, backlog, stream)
  const credentials = Object.keys(state.waiting).sort().slice(0, CREDENTIALS_MAX)
  if (credentials.length === 0 || (state.isPutOff && by.at % AGAIN_MS >= FIRST_MS)) return
  if (!(await waitForView(desk.pool, 'campaigns', noted))) return
  const begun = await desk.summary.pinned((summary, position) => begin({ ...desk, summary }, triggered, { state, version, credentials }, position, by))
  if (begun === undefined) return
  const launched = await launchCampaign(desk, begun, by)
  if (!isRefusal(launched)) await waitForView(desk.pool, 'campaigns', launched.position)
} // prettier-ignore

interface Turn {
  readonly state: Backlog
  readonly version: number
  readonly credentials: readonly string[]
}

/** Schedules the campaign and takes what it asks about off the backlog, in one transaction; the id of the campaign. */
async function begin(desk: RecertificationDesk, triggered: Triggered, { state, version, credentials }: Turn, position: number, by: Decided): Promise<string | undefined> {
  const { id: definitionId, definition, version: definitionVersion } = triggered
  const id = `${definitionId}@micro-${position}-${version}`
  const rows = await desk.summary.rowsOf(credentials, { position, validAt: by.at })
  const wanted = wantedOf(rows, state, credentials)
  const items: FrozenItem[] = []
  for await (const item of itemsOf(desk, wanted, definition, id, { position, validAt: by.at, at: by.at })) items.push(item)
  const fresh = await notAsked(desk, definitionId, items)
  const { now, later } = withinBudget(fresh, await givenWithin(desk, by.at - WEEK_MS), definition.reviewsPerWeekMax ?? REVIEWS_PER_WEEK_MAX)
  const handled: Answered = {
    ...(now.length === 0 ? {} : { campaign: id }),
    asked: now.length, askedAlready: items.length - fresh.length, outOfScope: wanted.length - items.length, deferred: later.length,
    left: Object.fromEntries(credentials.map((credential) => [credential, later.filter(({ access }) => access.credential.id === credential).map(({ subject }) => subject)])),
  }
  const triggers = [...new Set(credentials.flatMap((credential) => state.waiting[credential]?.triggers ?? []))].sort()
  const only = { triggers, accesses: now.map(({ access, subject }) => ({ credential: access.credential.id, subject })) }
  const scheduled = { id, definitionId, definition, definitionVersion, cause: `micro-${position}-${version}`, scheduledFor: by.at, only }
  return (await append(desk, definitionId, { state, version }, handled, scheduled, by)) ? handled.campaign : undefined
} // prettier-ignore

function wantedOf(rows: readonly AccessRow[], { waiting }: Backlog, credentials: readonly string[]): AccessRow[] {
  const all = new Set(credentials.filter((credential) => waiting[credential]?.subjects === undefined))
  const named = credentials.flatMap((credential) => (waiting[credential]?.subjects ?? []).map((subject) => ({ credential, subject })))
  const some = new Set(wantedRows(rows.filter(({ credential }) => !all.has(credential.id)), named).map(subjectOf))
  return rows.filter((row) => all.has(row.credential.id) || some.has(subjectOf(row)))
} // prettier-ignore

/** Without those that an open item of the same definition asks about: what happened drifts it. */
async function notAsked(desk: RecertificationDesk, definition: string, items: readonly FrozenItem[]): Promise<FrozenItem[]> {
  const { rows } = await desk.pool.query<{ id: string }>(`SELECT id FROM decisions.campaign WHERE definition = $1 AND status IN ('active', 'paused')`, [definition])
  const asked = new Set<string>()
  for (const { id } of rows) {
    const known = await knownItems(desk.pool, items.map(({ subject }) => itemId(id, subject)))
    for (const { item, state } of await loadItems(desk, [...known])) if (OPEN.has(state.status)) asked.add(item.subject)
  }
  return items.filter(({ subject }) => !asked.has(subject))
} // prettier-ignore

/** How many items micro-certifications gave each reviewer since then. */
async function givenWithin({ pool }: Pick<RecertificationDesk, 'pool'>, since: Instant): Promise<Map<Key, number>> {
  const { rows } = await pool.query<{ reviewer: Key; items: number }>(
    `SELECT a.reviewer, count(*)::int AS items FROM decisions.campaign c JOIN decisions.campaign_population n ON n.campaign = c.id
       JOIN review_assignment a USING (population) WHERE c.state ? 'only' AND c.scheduled_for >= $1 GROUP BY a.reviewer`,
    [since],
  )
  return new Map(rows.map(({ reviewer, items }) => [reviewer, items]))
}

type ScheduledEvent = Extract<CampaignEvent, { type: 'CampaignScheduled' }>

/** False: somebody else was first, or nothing is new. */
async function append(desk: RecertificationDesk, definition: string, { state, version }: Pick<Turn, 'state' | 'version'>, handled: Answered, scheduled: ScheduledEvent['data'], by: Decided): Promise<boolean> {
  const events = backlog.decide(state, { type: 'NoteHandled', definition, handled }, by) as unknown as BacklogEvent[]
  if (events.length === 0) return false
  const own = { stream: backlogStream(definition), expectedVersion: version, events: events.map((event) => encodeDecision(backlog, event as never, by, { subjects: [] })) }
  const event: ScheduledEvent = { type: 'CampaignScheduled', data: scheduled }
  const campaign = { stream: campaignStream(scheduled.id), expectedVersion: 0, events: [encodeDecision(campaignDecider, event as never, by, { subjects: [] })] }
  try {
    await desk.streams.appendTogether(handled.campaign === undefined ? [own] : [own, campaign])
    return true
  } catch (error) {
    if (error instanceof VersionConflict) return false
    throw error
  }
} // prettier-ignore
