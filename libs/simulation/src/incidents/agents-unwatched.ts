import { hearAlert, watch } from '../administration/sharing.js'
import type { Course } from '../engine/agenda.js'
import { DAY, HOUR } from '../engine/time.js'
import { targetOf } from '../doings/target.js'
import { declareAgents } from './agents-workflow.js'
import type { Incident } from './incident.js'
import { readOnce } from './read-once.js'
import type { Scene } from './scene.js'

export const agentsUnwatched: Incident = {
  kind: 'agents-unwatched',
  title: 'The alert that watches an AI-enabled workflow was declared and is not heard of any more',
  twin: 'The alert is heard of every day',
  requirements: ['R9.3', 'R5.11'],
  breaks: ['agent-workflow-owned'],
  days: 8,
  *violate(scene) {
    yield* watched(scene, 1)
    scene.becomesTrue()
    yield DAY
  },
  *comply(scene) {
    yield* watched(scene, 4)
  },
}

function* watched(scene: Scene, heardDays: number): Course {
  const slot = scene.slot()
  yield scene.untilWorkday(1)
  yield* readOnce(scene, slot)
  scene.cause(declareAgents(scene, slot))
  const alert = watch(scene.world, [targetOf(slot)], 'unusual readings by agents', 26 * HOUR)
  for (let day = 1; day <= 4; day++) {
    yield DAY
    if (day <= heardDays) hearAlert(scene.world, alert)
  }
}
