import type { Incident } from './incident.js'
import { deploy } from './deployment.js'

export const approvalByRequester: Incident = {
  kind: 'approval-by-requester',
  title: 'The person who set the job off approved it too',
  twin: 'Somebody else approved it',
  requirements: ['R3.1', 'R5.10'],
  breaks: ['requester-not-approver'],
  days: 3,
  given: { approvalRequired: { environment: 'production' } },
  *violate(scene) {
    const [slot, by, repository] = [scene.slot(), scene.person(), scene.repository()]
    scene.involves(by)
    yield scene.untilWorkday(1)
    const { approval, read } = yield* deploy(scene, { repository, by, slot, environment: 'production', approver: by })
    if (approval !== undefined) scene.cause(approval)
    scene.cause(read)
  },
  *comply(scene) {
    const [slot, by, approver, repository] = [scene.slot(), scene.person(), scene.person(), scene.repository()]
    scene.involves(by, approver)
    yield scene.untilWorkday(1)
    const { approval, read } = yield* deploy(scene, { repository, by, slot, environment: 'production', approver })
    if (approval !== undefined) scene.cause(approval)
    scene.cause(read)
  },
}
