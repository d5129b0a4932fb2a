import type { Administrator } from './administration.js'
import type { Place } from '../organisation/credentials.js'
import type { Noted } from '../records/journal.js'
import type { World } from '../world.js'
import { SECURITY, type Named } from './administrators.js'
import { begin, give, type Begun } from './give.js'

export interface Plan {
  readonly mayActivate: readonly Named[]
  readonly reviewer: Named
  readonly closeWithinMs: number
  /** From the activation. */
  readonly reviewWithinMs: number
}

/** Beforehand: who may break the glass, and how it is reviewed. */
export function planBreakGlass(world: World, credential: Place, planned: Plan): Noted {
  const { reviewer, ...terms } = planned
  const plan = { ...terms, credentials: [credential], condition: 'the identity provider cannot be reached', reviewer: reviewer.key, reviewerName: reviewer.name } // prettier-ignore
  return give(world, SECURITY, { do: 'PlanBreakGlass', credential, plan })
}

export function breakGlass(world: World, by: Administrator, credential: Place, reason: string): Begun {
  const id = world.administration.id('activation')
  return { id, ...give(world, by, { do: 'ActivateBreakGlass', credential, activation: id, reason }) }
}

export function closeGlass(world: World, by: Administrator, credential: Place, { id }: Begun): Noted {
  return give(world, by, { do: 'CloseBreakGlass', credential, activation: id })
}

export function reviewGlass(world: World, by: Administrator, credential: Place, { id }: Begun): Noted {
  return give(world, by, { do: 'ReviewBreakGlass', credential, activation: id, outcome: 'justified', words: 'an outage' }) // prettier-ignore
}

/** Made for one incident and for its responders alone. */
export function issueIncidentToken(world: World, credential: Place, responders: readonly Named[]): Begun {
  const token = { credentials: [credential], incident: 'INC-1', responders }
  return begin(world, SECURITY, 'incident', { do: 'IssueIncidentToken', token })
}

export function contain(world: World, { id }: Begun): Noted {
  return give(world, SECURITY, { do: 'ContainIncident', id, words: 'the way in was closed' })
}
