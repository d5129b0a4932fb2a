import { HOUR, stamp } from '../engine/time.js'
import type { Incident } from './incident.js'
import type { Scene } from './scene.js'

export const silentSource: Incident = {
  kind: 'silent-source',
  title: 'A source that is declared to be heard of daily said nothing for two days',
  twin: 'The same source said nothing for eight hours, which is normal',
  requirements: ['R2.7', 'R3.7'],
  days: 4,
  given: { source: 'kubernetes', heartbeatHours: 24 },
  *violate(scene) {
    fallsSilent(scene, 48)
    yield 24 * HOUR
    scene.becomesTrue()
    yield 24 * HOUR
  },
  *comply(scene) {
    fallsSilent(scene, 8)
    yield 8 * HOUR
  },
}

function fallsSilent(scene: Scene, hours: number): void {
  const [from, to] = [scene.now, scene.now + hours * HOUR]
  scene.world.losses.push({ source: 'kubernetes', from, to })
  scene.tell('silent', { from: stamp(from), to: stamp(to) })
}
