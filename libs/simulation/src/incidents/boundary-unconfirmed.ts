import type { Course } from '../engine/agenda.js'
import { DAY } from '../engine/time.js'
import { declareAgents } from './agents-workflow.js'
import type { Incident } from './incident.js'
import { readOnce } from './read-once.js'
import type { Scene } from './scene.js'

export const boundaryUnconfirmed: Incident = {
  kind: 'boundary-unconfirmed',
  title: 'In an AI-enabled workflow a secret crosses a trust boundary and no person confirms it',
  twin: 'A person confirms what crosses the boundary',
  requirements: ['R9.2'],
  breaks: ['agent-boundary'],
  days: 3,
  *violate(scene) {
    yield* crosses(scene, false)
  },
  *comply(scene) {
    yield* crosses(scene, true)
  },
}

function* crosses(scene: Scene, confirmed: boolean): Course {
  const slot = scene.slot()
  yield scene.untilWorkday(1)
  yield* readOnce(scene, slot)
  scene.cause(declareAgents(scene, slot, { confirmed }))
  yield DAY
}
