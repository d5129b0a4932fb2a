import type { Course } from '../engine/agenda.js'
import { HOUR } from '../engine/time.js'
import type { Slot } from '../organisation/credentials.js'
import type { Incident } from './incident.js'
import type { Scene } from './scene.js'
import { deploy } from './deployment.js'

export const retrievalWithoutApproval: Incident = {
  kind: 'retrieval-without-approval',
  title: 'A production secret that two pipelines share was read by a job that nobody approved',
  twin: 'A colleague approved each job before it read the secret',
  requirements: ['R3.1', 'R1.1'],
  breaks: ['request-approved'],
  days: 3,
  given: { approvalRequired: { environment: 'production' } },
  *violate(scene) {
    const [slot, by, repository] = [scene.slot(), scene.person(), scene.repository()]
    scene.involves(by, `repository:${repository.id}`)
    yield scene.untilWorkday(1)
    yield* approved(scene, slot)
    scene.cause((yield* deploy(scene, { repository, by, slot, environment: 'production' })).read)
  },
  *comply(scene) {
    const [slot, by, approver, repository] = [scene.slot(), scene.person(), scene.person(), scene.repository()]
    scene.involves(by, approver, `repository:${repository.id}`)
    yield scene.untilWorkday(1)
    yield* approved(scene, slot)
    scene.cause((yield* deploy(scene, { repository, by, slot, environment: 'production', approver })).read)
  },
}

/** What the other pipeline does, as it should. */
function* approved(scene: Scene, slot: Slot): Course {
  const [by, approver, repository] = [scene.person(), scene.person(), scene.otherRepository()]
  yield* deploy(scene, { repository, by, slot, environment: 'production', approver })
  yield HOUR
}
