import { isOfOkta, type Person } from '../organisation/people.js'
import { userEventLine, type UserEvent } from '../records/keycloak.js'
import { oktaLine, type OktaEventType } from '../records/okta.js'
import type { Origin } from '../oracle/origins.js'
import type { World } from '../world.js'

/** A person's session at the identity provider. */
export interface Session {
  readonly origin: Origin
  readonly id: string
  readonly person: Person
}

export function signIn(world: World, person: Person, client: string, address = person.address): Session {
  const id = world.chance.id()
  const isSeen = tell(world, { type: 'LOGIN', client, person, session: id, address })
  const origin: Origin = { name: `idp-session:${id}`, start: world.now, isSeen, person }
  world.origins.keep(origin)
  return { origin, id, person }
}

export function exchangeCode(world: World, { id, person }: Session, at: number): void {
  tell(world, { type: 'CODE_TO_TOKEN', client: 'vault', person, session: id, address: '10.60.0.5' }, at)
}

export function signOut(world: World, { origin, id, person }: Session): void {
  origin.end = world.now
  origin.isEndSeen = tell(world, { type: 'LOGOUT', client: 'portal', person, session: id, address: person.address })
}

const OKTA_TYPES: Readonly<Record<UserEvent['type'], OktaEventType>> = {
  LOGIN: 'user.session.start',
  LOGOUT: 'user.session.end',
  CODE_TO_TOKEN: 'user.authentication.sso',
}

function tell(world: World, event: Omit<UserEvent, 'id' | 'at'>, at = world.now): boolean {
  if (isOfOkta(event.person)) return tellOkta(world, event, at)
  const line = userEventLine({ ...event, id: world.chance.id(), at: world.clockOf('keycloak', at) })
  return world.journal.write('keycloak-events.jsonl', at, line)
}

function tellOkta(
  world: World,
  { type, person, session, address, client }: Omit<UserEvent, 'id' | 'at'>,
  at: number,
): boolean {
  const application = type === 'CODE_TO_TOKEN' ? { application: client } : {}
  const line = oktaLine({ id: world.chance.id(), at: world.clockOf('okta', at), type: OKTA_TYPES[type], person, session, address, ...application }) // prettier-ignore
  return world.journal.write('okta-system-log.jsonl', at, line)
}
