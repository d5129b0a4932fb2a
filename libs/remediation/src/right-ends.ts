import type { Instant } from '@catena/domain'
import { loadStream, type DecisionStreams } from '@catena/ledger'
import type { KeycloakSystem, SystemSettings } from '@catena/platform'
import type { OrderedEnd, RightEnds, SeenEnd } from '@catena/recertification'
import type { Action } from './action.js'
import { course, courseStream } from './course/decider.js'
import type { OpenAccessReader } from './open-access.js'

/** What records of a system say of rights that were taken away there. Undefined: they say nothing of it since then, or that it was given again. */
export interface RightRecords {
  leftGroup(system: KeycloakSystem, user: string, group: string, since: Instant): Promise<SeenEnd | undefined>
  clientOff(system: KeycloakSystem, client: string, since: Instant): Promise<SeenEnd | undefined>
}

export interface RightEndsDesk {
  readonly streams: Pick<DecisionStreams, 'readStream'>
  readonly openAccess: OpenAccessReader
  readonly systems: readonly SystemSettings[]
  readonly records: RightRecords
}

/**
 * A right has ended where records show it of every step that was planned to take it away. A lease that is open still works where no vault
 * would record its use, so nothing has ended then; a token does not: its use would be on record, and the silence covers it.
 */
export function rightEnds(desk: RightEndsDesk): RightEnds {
  return {
    endOf: async (ordered) => {
      const { state } = await loadStream(desk.streams, course, courseStream(ordered.order))
      const onTheRight = state.steps.filter(({ action }) => TAKES_THE_RIGHT.has(action.do))
      if (!state.endsTheRight || onTheRight.length === 0) return undefined
      const ends = await Promise.all(onTheRight.map((step) => endOfStep(desk, step, ordered)))
      const seen = ends.filter((end) => end !== undefined)
      if (seen.length < ends.length || (await hasOpenLease(desk, ordered))) return undefined
      return latest(seen)
    },
  }
}

const TAKES_THE_RIGHT: ReadonlySet<Action['do']> = new Set(['remove-from-group', 'disable-client', 'delete-role', 'delete-secret']) // prettier-ignore

async function endOfStep(
  { systems, records }: RightEndsDesk,
  { carrier, action }: { readonly carrier: string; readonly action: Action },
  { orderedAt }: OrderedEnd,
): Promise<SeenEnd | undefined> {
  const system = systems.find(({ id }) => id === carrier)
  if (system?.kind !== 'keycloak') return undefined
  if (action.do === 'remove-from-group') return records.leftGroup(system, action.user, action.group, orderedAt)
  return action.do === 'disable-client' ? records.clientOff(system, action.client, orderedAt) : undefined
}

async function hasOpenLease({ openAccess }: RightEndsDesk, { credential, accessor }: OrderedEnd): Promise<boolean> {
  return (await openAccess.openOf({ credential, accessor })).leases.length > 0
}

function latest(ends: readonly SeenEnd[]): SeenEnd {
  const positions = [...new Set(ends.flatMap((end) => end.positions))].sort((a, b) => a - b)
  const how = [...new Set(ends.map((end) => end.how))].join(', ')
  return { at: Math.max(...ends.map(({ at }) => at)), how, positions }
}
