import type { Course } from '../engine/agenda.js'
import { MINUTE } from '../engine/time.js'
import { logInFleet } from '../doings/logins.js'
import { readSecret } from '../doings/tokens.js'
import { DATACENTRE } from '../organisation/names.js'
import type { World } from '../world.js'

/** One of a team's machines logs in by the role of all of them, and reads what it serves with. */
export function* fleet(world: World): Course {
  const { chance } = world
  const index = chance.between(0, world.teams.length)
  const team = world.teams[index] ?? ''
  const held = logInFleet(world, `${team}-fleet`, `${DATACENTRE}.${index}.${chance.between(1, 12)}`)
  for (let left = chance.between(2, 7); left > 0; left--) {
    yield chance.between(1_000, 5 * MINUTE)
    readSecret(world, held, world.credentials.pick(team, 'kv'))
  }
}
