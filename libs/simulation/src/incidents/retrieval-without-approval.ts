import type { Incident } from './incident.js'
import { deploy } from './deployment.js'

export const retrievalWithoutApproval: Incident = {
  kind: 'retrieval-without-approval',
  title: 'A production secret was read by a job that nobody approved, where approval is the rule',
  twin: 'A colleague approved the job before it read the secret',
  requirements: ['R3.1', 'R1.1'],
  days: 3,
  given: { approvalRequired: { environment: 'production' } },
  *violate(scene) {
    const [slot, by, repository] = [scene.slot(), scene.person(), scene.repository()]
    scene.involves(by, `repository:${repository.id}`)
    yield scene.untilWorkday(1)
    scene.cause((yield* deploy(scene, { repository, by, slot, environment: 'production' })).read)
  },
  *comply(scene) {
    const [slot, by, approver, repository] = [scene.slot(), scene.person(), scene.person(), scene.repository()]
    scene.involves(by, approver, `repository:${repository.id}`)
    yield scene.untilWorkday(1)
    scene.cause((yield* deploy(scene, { repository, by, slot, environment: 'production', approver })).read)
  },
}
