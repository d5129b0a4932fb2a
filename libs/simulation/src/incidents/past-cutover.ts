import { DAY, stamp } from '../engine/time.js'
import { changeAccessKey, getSecretValue } from '../doings/cloud.js'
import { lastingKey } from '../oracle/held-key.js'
import type { Incident } from './incident.js'

export const pastCutover: Incident = {
  kind: 'past-cutover',
  title: 'A shared CI key lives, and is used, after the day it was to be replaced',
  twin: 'The key was used up to that day and then deleted',
  requirements: ['R3.6'],
  days: 18,
  *violate(scene) {
    const { world } = scene
    const slot = scene.slot('aws')
    const key = lastingKey(world.chance, `ci-shared-${scene.team}-old`, '10.40.9.30')
    scene.involves(`aws-user:${key.key.user?.name ?? ''}`)
    scene.tell('cutoverAt', stamp(scene.now + 8 * DAY))
    changeAccessKey(world, world.rotator, key, 'CreateAccessKey')
    for (let day = 1; day <= 14; day++) {
      yield DAY
      const noted = getSecretValue(world, key, slot)
      if (day > 8) scene.cause(noted)
    }
  },
  *comply(scene) {
    const { world } = scene
    const slot = scene.slot('aws')
    const key = lastingKey(world.chance, `ci-shared-${scene.team}-ended`, '10.40.9.31')
    scene.involves(`aws-user:${key.key.user?.name ?? ''}`)
    scene.tell('cutoverAt', stamp(scene.now + 8 * DAY))
    changeAccessKey(world, world.rotator, key, 'CreateAccessKey')
    for (let day = 1; day <= 7; day++) {
      yield DAY
      scene.cause(getSecretValue(world, key, slot))
    }
    yield DAY / 2
    scene.cause(changeAccessKey(world, world.rotator, key, 'DeleteAccessKey'))
  },
}
