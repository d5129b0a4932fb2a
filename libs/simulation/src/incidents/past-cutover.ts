import { cutOver, openMigration } from '../administration/endings.js'
import { DAY, HOUR, stamp } from '../engine/time.js'
import { changeAccessKey, getSecretValue } from '../doings/cloud.js'
import { targetOf } from '../doings/target.js'
import { lastingKey } from '../oracle/held-key.js'
import type { Course } from '../engine/agenda.js'
import type { Incident } from './incident.js'
import type { Scene } from './scene.js'

const WINDOW_DAYS = 8

export const pastCutover: Incident = {
  kind: 'past-cutover',
  title: 'A shared CI key lives, and is used, after the day on which it was replaced',
  twin: 'The key was used up to that day and then deleted',
  requirements: ['R3.6'],
  breaks: ['migration-cutover'],
  days: 18,
  *violate(scene) {
    yield* migrates(scene, 'old', 14)
  },
  *comply(scene) {
    yield* migrates(scene, 'ended', WINDOW_DAYS - 1)
  },
}

/** A key is used once a day; shortly before the window ends it is cut over. */
function* migrates(scene: Scene, name: string, usedDays: number): Course {
  const { world } = scene
  const slot = scene.slot('aws')
  const key = lastingKey(world.chance, `ci-shared-${scene.team}-${name}`, '10.40.9.30')
  scene.involves(`aws-user:${key.key.user?.name ?? ''}`)
  scene.tell('cutoverAt', stamp(scene.now + WINDOW_DAYS * DAY))
  const migration = openMigration(world, targetOf(slot), scene.now + WINDOW_DAYS * DAY)
  changeAccessKey(world, world.rotator, key, 'CreateAccessKey')
  for (let day = 1; day <= Math.max(usedDays, WINDOW_DAYS); day++) {
    yield DAY - 2 * HOUR
    if (day === WINDOW_DAYS) {
      scene.cause(cutOver(world, migration))
      if (usedDays < day) scene.cause(changeAccessKey(world, world.rotator, key, 'DeleteAccessKey'))
    }
    yield 2 * HOUR
    if (day > usedDays) continue
    const noted = getSecretValue(world, key, slot)
    if (day < WINDOW_DAYS) continue
    scene.cause(noted)
    if (day === WINDOW_DAYS) scene.becomesTrue()
  }
}
