import type { Course } from '../engine/agenda.js'
import { HOUR } from '../engine/time.js'
import { endSession, startAlone } from '../doings/agents.js'
import { use } from '../doings/cloud.js'
import { probe } from '../doings/cluster.js'
import { logInAccount } from '../doings/logins.js'
import { revokeSelf } from '../doings/tokens.js'
import { agentsOf } from '../organisation/agents.js'
import { DATACENTRE } from '../organisation/names.js'
import type { World } from '../world.js'

const TURNS = 2

/** Monitoring looks at every store of secrets twice a day, so that a quiet day is no silence. */
export function* watch(world: World): Course {
  for (let left = TURNS; left > 0; left--) {
    revokeSelf(world, logInAccount(world, 'svc-monitor', ['monitor'], `${DATACENTRE}.250.2`, 'monitor/1.0'))
    yield 1_000
    use(world, world.rotator, 'sts', 'GetCallerIdentity')
    probe(world)
    const [, agent] = agentsOf(world.teams[0] ?? '')
    endSession(world, startAlone(world, agent, 'TASK-probe'))
    yield 11 * HOUR
  }
}
