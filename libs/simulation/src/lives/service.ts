import type { Course } from '../engine/agenda.js'
import { MINUTE } from '../engine/time.js'
import { logInAccount } from '../doings/logins.js'
import { readSecret, revokeSelf } from '../doings/tokens.js'
import { DATACENTRE } from '../organisation/names.js'
import type { World } from '../world.js'

/** A service with an account of its own, on a machine of its own. */
export function* service(world: World): Course {
  const { chance } = world
  const index = chance.between(0, world.teams.length)
  const team = world.teams[index] ?? ''
  const held = logInAccount(world, `svc-${team}-reports`, [team], `${DATACENTRE}.${index}.200`, 'reports/3.1')
  for (let left = chance.between(1, 4); left > 0; left--) {
    yield chance.between(1_000, 5 * MINUTE)
    readSecret(world, held, world.credentials.pick(team, 'kv'))
  }
  revokeSelf(world, held)
}
