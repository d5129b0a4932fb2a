import { DAY, HOUR, MINUTE } from '../engine/time.js'
import { alert } from '../doings/exposure.js'
import { changeAccessKey, getSecretValue, use } from '../doings/cloud.js'
import { lastingKey } from '../oracle/held-key.js'
import { AWAY } from '../organisation/names.js'
import type { Incident } from './incident.js'

export const exposedNotRotated: Incident = {
  kind: 'exposed-not-rotated',
  title: 'A scanner reported a leaked key; it was abused after 17 minutes and lived for days',
  twin: 'A scanner reported a leaked key; it was deleted within ten minutes and never used again',
  requirements: ['R3.10'],
  days: 9,
  given: { invalidateWithinMinutes: 60 },
  *violate(scene) {
    const { world } = scene
    const [slot, repository] = [scene.slot('aws'), scene.repository()]
    const key = lastingKey(world.chance, `exports-${scene.team}-a`, '10.60.8.51')
    scene.involves(`aws-user:${key.key.user?.name ?? ''}`)
    changeAccessKey(world, world.rotator, key, 'CreateAccessKey')
    yield DAY
    getSecretValue(world, key, slot)
    yield HOUR
    scene.cause(alert(world, repository, 12, 'created'))
    yield 17 * MINUTE
    scene.cause(use(world, key, 'sts', 'GetCallerIdentity', `${AWAY}.66`))
    yield MINUTE
    scene.cause(getSecretValue(world, key, slot, `${AWAY}.66`))
    yield 5 * DAY
    scene.cause(changeAccessKey(world, world.rotator, key, 'DeleteAccessKey'))
  },
  *comply(scene) {
    const { world } = scene
    const [slot, repository] = [scene.slot('aws'), scene.repository()]
    const key = lastingKey(world.chance, `exports-${scene.team}-b`, '10.60.8.52')
    scene.involves(`aws-user:${key.key.user?.name ?? ''}`)
    changeAccessKey(world, world.rotator, key, 'CreateAccessKey')
    yield DAY
    getSecretValue(world, key, slot)
    yield HOUR
    scene.cause(alert(world, repository, 13, 'created'))
    yield 9 * MINUTE
    scene.cause(changeAccessKey(world, world.rotator, key, 'DeleteAccessKey'))
    yield MINUTE
    scene.cause(alert(world, repository, 13, 'resolved'))
  },
}
