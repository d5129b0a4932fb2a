import { isRefusal, type Decided } from '@catena/domain'
import { watchEnd } from '../campaign/decider.js'
import type { SealedCampaign } from '../campaign/state.js'
import { commandCampaign } from '../desk/campaigns.js'
import type { RecertificationDesk } from '../desk/desk.js'
import { followerAt, moveFollower } from '../desk/follower.js'
import { compareSealed, type SealedItem } from './compare-sealed.js'
import { grouped } from './grouped.js'
import { Knowledge } from './knowledge.js'
import {
  contradictedSinceSeal,
  isAnyWatched,
  sealedItems,
  sealedMeanwhile,
  statesOf,
  watchesOver,
} from './sealed-campaigns.js'
import { moveWatched } from './watch-population.js'

const NAME = 'sealed'
/** Credentials looked up at once, and watches ended in one turn. */
const CREDENTIALS = 1_000
const ENDS_MAX = 100

/**
 * Compares what was decided in sealed campaigns with what became known since, for as long as each is watched. Seal and report stay as they are;
 * what speaks against a decision is an event of its item. Whoever dies in between compares again, and what was said is no news. A campaign
 * that fails holds up no other: all are compared again in the next turn, and the first error is thrown at the end.
 */
export async function watchSealed(desk: RecertificationDesk, by: Decided): Promise<void> {
  const turn = new Turn(desk, by)
  await turn.compare()
  const [failure] = turn.failures
  if (failure !== undefined) throw failure
  await endWatches(desk, by)
}

class Turn {
  readonly failures: Error[] = []

  constructor(
    private readonly desk: RecertificationDesk,
    private readonly by: Decided,
  ) {}

  /** Each campaign from where the watch left it at its seal; from then on all of them together, by the credentials that changed. */
  async compare(): Promise<void> {
    const { desk, by } = this
    const [from, newest, fresh] = [await followerAt(desk.pool, NAME), await desk.summary.newest(), await sealedMeanwhile(desk.pool)]
    if (from !== undefined && newest <= from && fresh.length === 0) return
    // Whoever is sealed later is compared from where the watch left it.
    if (!(await isAnyWatched(desk.pool))) return moveFollower(desk.pool, NAME, newest)
    await desk.summary.pinned(async (summary, position) => {
      const pinned = { ...desk, summary }
      const known = new Knowledge(pinned, by, position)
      for (const { state, stood } of fresh)
        if (await this.since(pinned, known, stood, [state])) await moveWatched(desk, [state.id], position)
      const hasMoved = from === undefined || position <= from || (await this.since(pinned, known, from))
      if (hasMoved) await moveFollower(desk.pool, NAME, position)
    })
  } // prettier-ignore

  /** `states`: the campaigns; left out: all that are watched. False: something failed. */
  private async since(desk: RecertificationDesk, known: Knowledge, from: number, states?: readonly SealedCampaign[]): Promise<boolean> {
    const before = this.failures.length
    const changed = await known.changedSince(from)
    for (let at = 0; at < changed.length; at += CREDENTIALS) {
      const items = await sealedItems(desk.pool, changed.slice(at, at + CREDENTIALS), states?.map(({ id }) => id))
      const campaigns = grouped(items, ({ campaign }) => campaign)
      for (const state of states ?? (await statesOf(desk.pool, [...campaigns.keys()])))
        await this.one(desk, known, state, campaigns.get(state.id) ?? [])
    }
    return this.failures.length === before
  } // prettier-ignore

  private async one(desk: RecertificationDesk, known: Knowledge, state: SealedCampaign, items: readonly SealedItem[]): Promise<void> {
    // Those of earlier versions, whose time was over before anybody watched.
    if (state.watchUntil === undefined && this.by.at > watchEnd(state)) return
    await compareSealed(desk, known, state, items).catch((error: unknown) => this.failures.push(error instanceof Error ? error : new Error(String(error))))
  } // prettier-ignore
}

/** Once everything up to their end was compared. */
async function endWatches(desk: RecertificationDesk, by: Decided): Promise<void> {
  const watchedTo = (await followerAt(desk.pool, NAME)) ?? 0
  for (const { id } of await watchesOver(desk.pool, by.at, ENDS_MAX)) {
    const contradicted = await contradictedSinceSeal(desk.pool, id)
    const ended = await commandCampaign(desk, id, { type: 'EndWatch', watchedTo, contradicted }, by)
    if (isRefusal(ended)) throw new Error(`${id}: ${ended.message}`)
  }
}
