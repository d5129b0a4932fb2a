import type { Course } from '../engine/agenda.js'
import { MINUTE } from '../engine/time.js'
import { logInPerson } from '../doings/logins.js'
import { signIn, signOut } from '../doings/sessions.js'
import { endLease } from '../doings/vault.js'
import { issueLease, readSecret, revokeSelf, type Lease } from '../doings/tokens.js'
import type { Held } from '../oracle/held.js'
import type { Slot } from '../organisation/credentials.js'
import type { Person } from '../organisation/people.js'
import type { World } from '../world.js'

/** Somebody signs in, reads what the work needs, and goes home; some of them sign out. */
export function* workday(world: World): Course {
  const { chance } = world
  const person = chance.pick(world.people)
  const portal = chance.is(0.3) ? signIn(world, person, 'portal') : undefined
  if (portal !== undefined) yield chance.between(1, 30) * MINUTE
  const session = signIn(world, person, 'vault')
  yield chance.between(900, 4_000)
  const held = logInPerson(world, session)
  yield* work(world, person, held)
  if (chance.is(0.6)) revokeSelf(world, held)
  yield chance.between(1, 40) * MINUTE
  if (chance.is(0.7)) signOut(world, session)
  if (portal !== undefined && chance.is(0.5)) signOut(world, portal)
}

function* work(world: World, person: Person, held: Held): Course {
  const { chance } = world
  for (let left = chance.between(1, 6); left > 0; left--) {
    yield chance.between(1, 50) * MINUTE
    if (isGone(person)) return
    if (chance.is(0.15)) takeAccount(world, held, world.credentials.pick(person.team, 'database'))
    else readOwn(world, person, held)
  }
}

function readOwn(world: World, person: Person, held: Held): void {
  const { chance } = world
  // Now and then somebody tries what the team may not.
  const isRefused = chance.is(0.02)
  const team = isRefused ? chance.pick(world.teams.filter((other) => other !== person.team)) : person.team
  const slot = world.credentials.pick(team, 'kv')
  readSecret(world, held, slot, { isRefused })
  if (!isRefused) world.remember(person, slot)
}

/** A database account is taken, and given back by its time running out. */
export function takeAccount(world: World, held: Held, slot: Slot): void {
  const lease = issueLease(world, held, slot)
  world.agenda.start(runsOut(world, lease))
}

function* runsOut(world: World, lease: Lease): Course {
  yield 10 * MINUTE
  if (lease.isSeen) endLease(world, lease.id)
}

function isGone({ disabledAt, deletedAt }: Person): boolean {
  return disabledAt !== undefined || deletedAt !== undefined
}
