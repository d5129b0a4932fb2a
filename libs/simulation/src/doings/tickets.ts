import { stamp } from '../engine/time.js'
import { named, STORE } from '../organisation/agents.js'
import type { Person } from '../organisation/people.js'
import type { Noted } from '../records/journal.js'
import type { World } from '../world.js'
import { send } from './agents.js'

/** A request in the ticket system for one secret of the agents' store. */
export interface Ticket {
  readonly id: string
  readonly requester: Person
  readonly path: string
}

export function openTicket(world: World, requester: Person, path: string): Ticket {
  const ticket = { id: `REQ-${world.chance.letters(8)}`, requester, path }
  tell(world, ticket, 'requested')
  return ticket
}

export function approve(world: World, ticket: Ticket, approver: Person, lastsMs: number): Noted {
  const window = { from: stamp(world.now), until: stamp(world.now + lastsMs) }
  return tell(world, ticket, 'approved', { approver: named(approver), window })
}

function tell(world: World, { id, requester, path }: Ticket, decision: string, more: object = {}): Noted {
  const credential = { system: STORE.system, container: STORE.container, path }
  return send(world, 'tickets', 'approval.decided', { request: { id }, decision, requester: named(requester), credential, ...more }) // prettier-ignore
}
