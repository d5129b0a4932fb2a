import { SECURITY, teamNamed } from '../administration/administrators.js'
import { declareWorkflow, type Workflow } from '../administration/sharing.js'
import { DAY, HOUR } from '../engine/time.js'
import { targetOf } from '../doings/target.js'
import type { Slot } from '../organisation/credentials.js'
import type { Incident } from './incident.js'
import { readOnce } from './read-once.js'
import type { Scene } from './scene.js'

export const workflowWithoutParts: Incident = {
  kind: 'workflow-without-parts',
  title: 'A workflow that shares a secret says neither where its use is logged nor how the secret is replaced',
  twin: 'The workflow says both',
  requirements: ['R3.12'],
  breaks: ['workflow-complete'],
  days: 3,
  *violate(scene) {
    yield scene.untilWorkday(1)
    const slot = scene.slot()
    yield* readOnce(scene, slot)
    scene.cause(declareWorkflow(scene.world, partsOf(scene, slot)))
    yield DAY
  },
  *comply(scene) {
    yield scene.untilWorkday(1)
    const rest = { loggingDestination: 'siem', replacementPath: 'the nightly rotation' }
    const slot = scene.slot()
    yield* readOnce(scene, slot)
    scene.cause(declareWorkflow(scene.world, { ...partsOf(scene, slot), ...rest }))
    yield DAY
  },
}

function partsOf(scene: Scene, slot: Slot): Workflow {
  const repository = scene.repository()
  const owner = teamNamed(scene.team)
  scene.involves(`repository:${repository.id}`)
  return {
    credentials: [targetOf(slot)],
    name: `deploy ${repository.name}`,
    owner: owner.key,
    ownerName: owner.name,
    sharedWith: repository.name,
    approver: SECURITY.id,
    approverName: SECURITY.name,
    windowMs: 8 * HOUR,
    aiEnabled: false,
  }
}
