import { reportExposure } from '../administration/sharing.js'
import { DAY, HOUR, MINUTE } from '../engine/time.js'
import { alert } from '../doings/exposure.js'
import { changeAccessKey, getSecretValue, use } from '../doings/cloud.js'
import { targetOf } from '../doings/target.js'
import { rotate } from '../lives/rotation.js'
import { lastingKey, type HeldKey } from '../oracle/held-key.js'
import { AWAY } from '../organisation/names.js'
import type { Slot } from '../organisation/credentials.js'
import type { Incident } from './incident.js'
import type { Scene } from './scene.js'

export const exposedNotRotated: Incident = {
  kind: 'exposed-not-rotated',
  title: 'A scanner reported a leaked secret; it was abused after 17 minutes and stayed as it was for days',
  twin: 'A scanner reported a leaked secret; it got a new value within ten minutes',
  requirements: ['R3.10'],
  breaks: ['exposure-answered'],
  days: 9,
  given: { invalidateWithinMinutes: 60 },
  *violate(scene) {
    const { world } = scene
    const { slot, key } = yield* leaks(scene, 'a', 12)
    yield 17 * MINUTE
    use(world, key, 'sts', 'GetCallerIdentity', `${AWAY}.66`)
    yield MINUTE
    scene.cause(getSecretValue(world, key, slot, `${AWAY}.66`))
    yield HOUR
    scene.becomesTrue()
    yield 5 * DAY
    yield* rotate(world, [slot])
  },
  *comply(scene) {
    const { slot } = yield* leaks(scene, 'b', 13)
    yield 9 * MINUTE
    for (const written of yield* rotate(scene.world, [slot])) scene.cause(written)
    yield 2 * HOUR
    scene.becomesTrue()
  },
}

/** A machine reads the secret by a key, and a scanner finds what it read in a repository. */
function* leaks(scene: Scene, name: string, number: number): Generator<number, { slot: Slot; key: HeldKey }> {
  const { world } = scene
  const [slot, repository] = [scene.slot('aws'), scene.repository()]
  const key = lastingKey(world.chance, `exports-${scene.team}-${name}`, '10.60.8.51')
  scene.involves(`aws-user:${key.key.user?.name ?? ''}`)
  changeAccessKey(world, world.rotator, key, 'CreateAccessKey')
  yield DAY
  getSecretValue(world, key, slot)
  yield HOUR
  alert(world, repository, number, 'created')
  scene.cause(reportExposure(world, targetOf(slot), 'scanner', `found in ${repository.name}`))
  return { slot, key }
}
