import type { Course } from '../engine/agenda.js'
import { DAY, isWorkday, MINUTE } from '../engine/time.js'
import { disable, hire, join, quit, remove } from '../doings/staff.js'
import type { Person } from '../organisation/people.js'
import type { World } from '../world.js'
import { rotate } from './rotation.js'

/** Shares of the people who leave, or change their team, on one workday. */
const LEAVING = 0.0008
const MOVING = 0.0006

/** Joiners, movers and leavers of a morning. */
export function* staffing(world: World): Course {
  if (!isWorkday(world.now) || world.people.length < 4) return
  const { chance, people } = world
  if (chance.is(people.length * LEAVING)) yield* leave(world, chance.pick(people))
  if (chance.is(people.length * MOVING)) yield* move(world, chance.pick(people))
}

/** The account is locked at once, what the person knew gets new values, and somebody else is hired. */
export function* leave(world: World, person: Person): Course {
  world.people.splice(world.people.indexOf(person), 1)
  disable(world, person)
  yield 2_000
  quit(world, person, person.team)
  yield 5 * MINUTE
  yield* rotate(world, world.forget(person))
  world.agenda.start(succeed(world, { team: person.team }), world.now + 3 * DAY)
}

/** What the person knew of the old team gets new values too. */
export function* move(world: World, person: Person): Course {
  const others = world.teams.filter((team) => team !== person.team)
  quit(world, person, person.team)
  yield 3_000
  person.team = world.chance.pick(others)
  join(world, person, person.team)
  yield 5 * MINUTE
  yield* rotate(world, world.forget(person))
}

/** Somebody is deleted, and a newcomer gets the name. */
export function* recycle(world: World): Course {
  const person = world.people.find(({ mount }) => mount === 'email')
  if (person === undefined) return
  world.people.splice(world.people.indexOf(person), 1)
  remove(world, person)
  yield 5 * MINUTE
  yield* rotate(world, world.forget(person))
  yield 2 * DAY
  yield* succeed(world, { team: person.team, username: person.username, mount: person.mount })
}

function* succeed(world: World, newcomer: Parameters<typeof hire>[1]): Course {
  const person = hire(world, newcomer)
  yield DAY
  world.people.push(person)
}
