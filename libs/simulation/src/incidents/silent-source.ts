import type { Course } from '../engine/agenda.js'
import { DAY, HOUR, stamp } from '../engine/time.js'
import { readClusterSecret, startPod } from '../doings/cluster.js'
import type { Incident } from './incident.js'
import type { Scene } from './scene.js'

export const silentSource: Incident = {
  kind: 'silent-source',
  title: 'A source that is declared to be heard of daily said nothing for two days',
  twin: 'The same source said nothing for eight hours, which is normal',
  requirements: ['R2.7', 'R3.7'],
  breaks: ['source-alive'],
  days: 10,
  given: { source: 'kubernetes', heartbeatHours: 24 },
  *violate(scene) {
    yield* fallsSilent(scene, 48)
    yield 24 * HOUR
    scene.becomesTrue()
    yield 23 * HOUR
  },
  *comply(scene) {
    yield* fallsSilent(scene, 8)
    yield 7 * HOUR
    scene.becomesTrue()
  },
}

/** A pod reads the credential, and then nothing more is heard of the cluster; never soon after it fell silent before. */
function* fallsSilent(scene: Scene, hours: number): Course {
  const { world } = scene
  while (world.losses.some(({ source, to }) => source === 'kubernetes' && to > scene.now - 2 * DAY)) yield DAY
  const slot = scene.slot('kubernetes')
  const [namespace = '', account = ''] = slot.path.split('/')
  readClusterSecret(world, startPod(world, namespace, account), slot)
  yield 1_000
  const [from, to] = [scene.now, scene.now + hours * HOUR]
  world.losses.push({ source: 'kubernetes', from, to })
  scene.tell('silent', { from: stamp(from), to: stamp(to) })
}
