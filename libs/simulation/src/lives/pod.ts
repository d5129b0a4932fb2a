import type { Course } from '../engine/agenda.js'
import { MINUTE, SECOND } from '../engine/time.js'
import { readClusterSecret, startPod } from '../doings/cluster.js'
import type { World } from '../world.js'

/** A pod starts and reads the secrets of its namespace. */
export function* pod(world: World): Course {
  const { chance } = world
  const slot = world.credentials.pick(chance.pick(world.teams), 'kubernetes')
  const [namespace = '', name = ''] = slot.path.split('/')
  const started = startPod(world, namespace, name)
  for (let left = chance.between(1, 5); left > 0; left--) {
    yield chance.between(SECOND, 10 * MINUTE)
    readClusterSecret(world, started, slot)
  }
}
