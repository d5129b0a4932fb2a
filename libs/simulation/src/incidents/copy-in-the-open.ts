import { declareCopy } from '../administration/stewardship.js'
import type { Course } from '../engine/agenda.js'
import { DAY } from '../engine/time.js'
import { enterLog } from '../doings/runs.js'
import { targetOf } from '../doings/target.js'
import type { Incident } from './incident.js'
import { readOnce } from './read-once.js'
import type { Scene } from './scene.js'

export const copyInTheOpen: Incident = {
  kind: 'copy-in-the-open',
  title: 'A copy of a secret lies in a configuration file of a repository',
  twin: 'A copy of it lies among the encrypted secrets of the repository',
  requirements: ['R2.4', 'R3.11'],
  breaks: ['insecure-location'],
  days: 4,
  *violate(scene) {
    yield* copies(scene, true)
  },
  *comply(scene) {
    yield* copies(scene, false)
  },
}

function* copies(scene: Scene, isOpen: boolean): Course {
  const { world } = scene
  const [slot, person, repository] = [scene.slot(), scene.person(), scene.repository()]
  scene.involves(`repository:${repository.id}`)
  yield scene.untilWorkday(1)
  yield* readOnce(scene, slot, person)
  if (!isOpen) enterLog(world, repository, 'repo.create_actions_secret', person, { key: 'DEPLOY_KEY' })
  const [kind, where] = isOpen ? ['configuration-file', 'config/production.yml'] : ['ci-variable', 'DEPLOY_KEY']
  scene.cause(declareCopy(world, targetOf(slot), kind, `${repository.name} ${where}`))
  yield DAY
}
