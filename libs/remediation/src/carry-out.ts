import { isRefusal, refusal, type Decided, type Instant } from '@catena/domain'
import { handleCommand, loadStream, type DecisionStreams } from '@catena/ledger'
import {
  accessorName,
  commandItems,
  loadItems,
  type ItemCommand,
  type ItemRefusal,
  type LoadedItem,
  type RecertificationDesk,
} from '@catena/recertification'
import { wordsOf, type OrderSlip } from './action.js'
import type { Hands } from './carriers/assemble.js'
import { course, courseStream, type Course, type CourseCommand } from './course/decider.js'
import { dueItems } from './course/view.js'
import type { OpenAccessReader } from './open-access.js'
import { planFor, type Ordered } from './plan.js'
import { OutsideFailed, type RemediationSettings } from '@catena/platform'

/** Who decides what is carried out by the clock. */
export const CARRIER_ACTOR = 'timer:remediation'

export interface RemediationDesk {
  readonly recertification: RecertificationDesk
  readonly streams: DecisionStreams
  readonly openAccess: OpenAccessReader
  readonly settings: RemediationSettings
  readonly hands: Hands
}

type Ordering = LoadedItem & { readonly state: Extract<LoadedItem['state'], { readonly status: 'remediating' | 'applied' }> } // prettier-ignore

/** Takes every order that stands a step on. Everything here may be done twice, or be cut off anywhere: the next time goes on from what is on record. */
export async function carryOutOrders(desk: RemediationDesk, now: Instant, signal: AbortSignal): Promise<void> {
  const failures: unknown[] = []
  for (const item of await dueItems(desk.recertification.pool, now)) {
    if (signal.aborted) return
    await carryOut(desk, item, now, signal).catch((error: unknown) => failures.push(error))
  }
  if (failures.length > 0) throw failures[0]
}

/** One order, of an item that is being remediated. */
async function carryOut(desk: RemediationDesk, id: string, now: Instant, signal: AbortSignal): Promise<void> {
  const [loaded] = await loadItems(desk.recertification, [id])
  if (loaded?.state.status !== 'remediating' && loaded?.state.status !== 'applied') return
  const ordering = loaded as Ordering
  const by = { actor: CARRIER_ACTOR, at: now }
  if (ordering.state.status === 'applied') return settleApplied(desk, ordering, by)
  const planned = await plan(desk, ordering, by)
  if (planned.status === 'failed') return conclude(desk, ordering, planned, by)
  if (planned.status !== 'going' || planned.nextTryAt > now) return
  const after = await takeSteps(desk, ordering, planned, by, signal)
  await conclude(desk, ordering, after, by)
}

async function plan(desk: RemediationDesk, ordering: Ordering, by: Decided): Promise<Course> {
  const { state } = await loadStream(desk.streams, course, courseStream(ordering.state.order.id))
  if (state.status !== 'none') return state
  const { access } = ordering.item
  const isAutomatic = ordering.state.order.mode === 'automatic' && ordering.state.outcome.kind === 'revoke'
  const open = isAutomatic ? await desk.openAccess.openOf({ credential: access.credential.id, accessor: access.accessor }) : { leases: [], tokens: [] } // prettier-ignore
  return note(desk, ordering, by, { do: 'Plan', plan: planFor(orderedOf(ordering), open, isAutomatic ? desk.settings.systems : []) }) // prettier-ignore
}

async function takeSteps(desk: RemediationDesk, ordering: Ordering, planned: Course, by: Decided, signal: AbortSignal): Promise<Course> {
  let state = planned
  for (const [place, { carrier, action }] of planned.steps.entries()) {
    if (place in state.done) continue
    const hand = desk.hands.carriers.get(carrier)
    const done = await attempt(() => hand === undefined || !hand.allow.includes(action.do) ? Promise.reject(new OutsideFailed(`${carrier} may no longer ${wordsOf(action)}`)) : hand.carryOut(action, signal))
    state = await note(desk, ordering, by, done.failed === undefined ? { do: 'NoteDone', step: place, how: `${wordsOf(action)}: ${done.how}` } : { do: 'NoteFailed', step: place, why: done.failed })
    if (done.failed !== undefined) return state
  }
  return planned.endsTheRight ? state : handOver(desk, ordering, state, by, signal)
} // prettier-ignore

/** What is not done here is for people, or for another system: every receiver gets it once. */
async function handOver(desk: RemediationDesk, ordering: Ordering, planned: Course, by: Decided, signal: AbortSignal): Promise<Course> {
  let state = planned
  const why = [...Object.values(planned.done), ...planned.shortfalls].join('; ')
  for (const receiver of desk.hands.receivers) {
    if (Object.hasOwn(state.handedTo, receiver.id)) continue
    const taken = await attempt(() => receiver.handOver(slipOf(ordering, why), signal))
    state = await note(desk, ordering, by, taken.failed === undefined ? { do: 'NoteHandedOver', to: receiver.id, how: taken.how, why } : { do: 'NoteHandOverFailed', to: receiver.id, why: taken.failed })
    if (taken.failed !== undefined) return state
  }
  return state
} // prettier-ignore

/** Only what took the right away is `applied`; nothing that is done here makes it `verified`. */
async function conclude(desk: RemediationDesk, ordering: Ordering, state: Course, by: Decided): Promise<void> {
  if (state.status === 'failed') return tellItem(desk, ordering, { type: 'NoteFailed', why: state.lastFailure ?? 'it could not be carried out' }, by)
  if (state.nextTryAt > by.at) return
  const how = [...Object.values(state.done), ...Object.values(state.handedTo)].join('; ')
  if (state.endsTheRight) await tellItem(desk, ordering, { type: 'NoteApplied', how }, by)
  await note(desk, ordering, by, { do: 'Settle', how: how === '' ? 'nobody is configured to take it: people see it in the campaign' : how })
} // prettier-ignore

/** Somebody said that it is done, or who was at it died before it could be noted: nothing more is tried. */
async function settleApplied(desk: RemediationDesk, ordering: Ordering, by: Decided): Promise<void> {
  const { state } = await loadStream(desk.streams, course, courseStream(ordering.state.order.id))
  if (state.status === 'going') await note(desk, ordering, by, { do: 'Settle', how: [...Object.values(state.done), 'it is said to be applied'].join('; ') })
} // prettier-ignore

async function tellItem(desk: RemediationDesk, { item, state: { order } }: Ordering, command: ItemCommand, by: Decided): Promise<void> {
  const isReplaced = ([one]: readonly LoadedItem[]): ItemRefusal | undefined =>
    one?.state.status === 'remediating' && one.state.order.id === order.id ? undefined : refusal('WRONG_STATUS', 'the order was replaced')
  const told = await commandItems(desk.recertification, [item.id], () => command, by, isReplaced)
  if (isRefusal(told) && told.refused !== 'WRONG_STATUS') throw new Error(told.message)
} // prettier-ignore

type WithoutAbout<C> = C extends unknown ? Omit<C, 'order' | 'item' | 'campaign'> : never

async function note(desk: RemediationDesk, { item, state: { order } }: Ordering, by: Decided, command: WithoutAbout<CourseCommand>): Promise<Course> {
  const about = { order: order.id, item: item.id, campaign: item.campaign }
  const handled = await handleCommand(desk.streams, course, { stream: courseStream(order.id), command: { ...about, ...command }, by })
  if (isRefusal(handled)) throw new Error(handled.message)
  return handled.state
} // prettier-ignore

type Attempt = { readonly how: string; readonly failed?: undefined } | { readonly failed: string }

async function attempt(work: () => Promise<string>): Promise<Attempt> {
  try {
    return { how: await work() }
  } catch (error) {
    if (error instanceof OutsideFailed) return { failed: error.message }
    throw error
  }
}

function orderedOf({ item: { access } }: Ordering): Ordered {
  const { system, container, path } = access.credential
  const { accessor } = access
  const keys = 'key' in accessor ? [accessor.key, ...accessor.aliases] : []
  return { system, container, path, accessor: { kind: accessor.kind, name: accessorName(accessor), keys } }
}

function slipOf({ item, state: { order, outcome } }: Ordering, why: string): OrderSlip {
  const { system, container, path } = item.access.credential
  return {
    id: order.id,
    item: item.id,
    campaign: item.campaign,
    outcome: outcome.kind === 'modify' ? 'modify' : 'revoke',
    accessor: accessorName(item.access.accessor),
    credential: order.credential,
    system,
    path: `${container}${path}`,
    dueAt: order.dueAt,
    why,
  }
}
