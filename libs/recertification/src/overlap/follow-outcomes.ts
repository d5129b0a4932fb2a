import type { Decided, Key } from '@catena/domain'
import { decodeDecision, type RecordedDecision } from '@catena/ledger'
import { waitForView } from '@catena/projections'
import { isLaunched, type CampaignState, type LaunchedCampaign } from '../campaign/state.js'
import type { RecertificationDesk } from '../desk/desk.js'
import { commandItems, loadItems } from '../desk/items.js'
import { followedTo, moveFollower } from '../desk/follower.js'
import type { ItemEvent } from '../item/events.js'
import { itemId, itemStream } from '../population/identity.js'
import { knownItems, readItems } from '../population/store.js'
import { bare } from '../ports/people.js'
import type { Outcome } from '../votes/decision.js'
import { contradicts, whyNotServed, type Decision } from './serves.js'

const NAME = 'outcomes'
const BATCH = 1_000
/** Of one turn; what is more waits for the next, so that no campaign waits for it. */
const BATCHES_MAX = 50
/** Ids looked up at once. */
const IDS = 20_000

/**
 * Lets what one campaign decided about an access serve the other running campaigns that ask about the same, where their stages, independence and
 * freshness allow. Whoever dies in between looks at the same outcomes again: an item that is answered takes nothing more.
 */
export async function followOutcomes(desk: RecertificationDesk, by: Decided): Promise<void> {
  let position = await followedTo(desk.pool, NAME)
  for (let batch = 0; batch < BATCHES_MAX; batch++) {
    const events = await desk.streams.readDecisions(position, BATCH)
    const last = events.at(-1)?.position
    if (last === undefined) return
    const outcomes = events.flatMap((event) => outcomeOf(decodeDecision(event)))
    if (outcomes.length > 0) {
      if (!(await waitForView(desk.pool, 'campaigns', last))) return
      await serveAll(desk, outcomes, by)
    }
    position = last
    await moveFollower(desk.pool, NAME, position)
  }
}

interface Came {
  readonly item: string
  readonly campaign: string
  readonly outcome: Outcome
}

/** An outcome that was adopted is nobody's decision, and serves nobody else. */
function outcomeOf(recorded: RecordedDecision | undefined): Came[] {
  const event = recorded?.event as unknown as ItemEvent | undefined
  if (recorded === undefined || event?.type !== 'ReviewOutcomeSet' || event.data.adoptedFrom !== undefined) return []
  return [{ item: recorded.stream.slice('review-item:'.length), campaign: event.data.campaign, outcome: event.data.outcome }] // prettier-ignore
}

async function serveAll(desk: RecertificationDesk, outcomes: readonly Came[], by: Decided): Promise<void> {
  const running = await runningCampaigns(desk)
  if (running.length < 2) return
  const frozen = await readItems(desk.pool, outcomes.map(({ item }) => item)) // prettier-ignore
  const pairs = outcomes.flatMap((came) => {
    const subject = frozen.get(came.item)?.subject
    const others = subject === undefined ? [] : running.filter(({ id }) => id !== came.campaign)
    return others.map(({ id }) => ({ came, other: itemId(id, subject ?? '') }))
  })
  for (let at = 0; at < pairs.length; at += IDS) {
    const some = pairs.slice(at, at + IDS)
    const known = await knownItems(desk.pool, some.map(({ other }) => other)) // prettier-ignore
    for (const { came, other } of some) if (known.has(other)) await serve(desk, came, other, by)
  }
}

async function runningCampaigns({ pool }: Pick<RecertificationDesk, 'pool'>): Promise<LaunchedCampaign[]> {
  const { rows } = await pool.query<{ state: CampaignState }>(
    `SELECT state FROM decisions.campaign WHERE status IN ('active', 'paused', 'closing', 'remediating', 'verifying')`,
  )
  return rows.map(({ state }) => state).filter(isLaunched)
}

async function serve(desk: RecertificationDesk, { item, campaign, outcome }: Came, other: string, by: Decided): Promise<void> {
  const [[giving], [taking]] = [await loadItems(desk, [item]), await loadItems(desk, [other])]
  if (giving === undefined || taking === undefined) return
  if (contradicts(outcome, taking.state)) {
    const head = await desk.summary.newest()
    await commandItems(desk, [other], () => ({ type: 'Impeach', why: `the same access was revoked in ${campaign}`, position: head }), by)
    return
  }
  const decision = await decisionOn(desk, item, outcome)
  if (decision === undefined || whyNotServed(giving, decision, taking) !== undefined) return
  await commandItems(desk, [other], () => ({ type: 'Adopt', outcome, from: { item, campaign } }), by)
} // prettier-ignore

/** Undefined: nobody voted; silence serves nobody. */
async function decisionOn(desk: RecertificationDesk, item: string, outcome: Outcome): Promise<Decision | undefined> {
  const history = (await desk.streams.readStream(itemStream(item))).flatMap((event) => decodeDecision(event) ?? [])
  const votes = history.flatMap(({ event, position }) => {
    const own = event as unknown as ItemEvent
    return own.type === 'ReviewDecided' ? [{ ...own.data, position }] : []
  })
  const [first] = votes
  if (first === undefined) return undefined
  const keys = [...new Set(votes.flatMap(({ reviewer, inPlaceOf }): Key[] => [reviewer, ...inPlaceOf]))]
  const known = await desk.directory.identities(keys, await desk.summary.newest())
  const voters = keys.map((key) => known.get(key) ?? bare(key))
  return { outcome, since: first.position, voters, hasVotesOfLeavers: votes.some(({ isAfterLeaving }) => isAfterLeaving) } // prettier-ignore
}
