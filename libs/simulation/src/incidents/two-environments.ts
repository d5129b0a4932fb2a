import { HOUR } from '../engine/time.js'
import type { Incident } from './incident.js'
import { deploy } from './deployment.js'

export const twoEnvironments: Incident = {
  kind: 'two-environments',
  title: 'One value of a secret is used by jobs of production and of staging',
  twin: 'Jobs of each environment use a secret of their own',
  requirements: ['R3.14'],
  breaks: ['environments-apart'],
  days: 3,
  *violate(scene) {
    const [slot, by, approver, repository] = [scene.slot(), scene.person(), scene.person(), scene.repository()]
    scene.involves(`repository:${repository.id}`)
    yield scene.untilWorkday(1)
    scene.cause((yield* deploy(scene, { repository, by, slot, environment: 'production', approver })).read)
    yield HOUR
    scene.cause((yield* deploy(scene, { repository, by, slot, environment: 'staging' })).read)
    scene.becomesTrue()
  },
  *comply(scene) {
    const [slot, by, approver, repository] = [scene.slot(), scene.person(), scene.person(), scene.repository()]
    scene.involves(`repository:${repository.id}`)
    yield scene.untilWorkday(1)
    scene.cause((yield* deploy(scene, { repository, by, slot, environment: 'production', approver })).read)
    yield HOUR
    const staging = scene.otherSlot('kv', 'staging')
    scene.cause((yield* deploy(scene, { repository, by, slot: staging, environment: 'staging' })).read)
  },
}
