import { declareCopy } from '../administration/stewardship.js'
import type { Course } from '../engine/agenda.js'
import { DAY, MINUTE } from '../engine/time.js'
import { enterLog, finishAttempt, passSecrets, startAttempt } from '../doings/runs.js'
import { targetOf } from '../doings/target.js'
import { rotate } from '../lives/rotation.js'
import type { Person } from '../organisation/people.js'
import type { Repository } from '../organisation/repositories.js'
import type { Incident } from './incident.js'
import type { Scene } from './scene.js'

const COPY = 'STRIPE_KEY'

export const residualCopy: Incident = {
  kind: 'residual-copy',
  title: 'A secret got a new value, and the copy in the CI host still has the old one and is handed to jobs',
  twin: 'The copy in the CI host got the new value within the hour',
  requirements: ['R2.3'],
  breaks: ['residual-copies'],
  days: 20,
  *violate(scene) {
    yield* course(scene, false)
  },
  *comply(scene) {
    yield* course(scene, true)
  },
}

function* course(scene: Scene, isCopied: boolean): Course {
  const { world } = scene
  const [slot, repository, person] = [scene.slot(), scene.repository(), scene.person()]
  scene.involves(person, `repository:${repository.id}`)
  scene.tell('copy', { repository: repository.name, secret: COPY })
  yield* rotate(world, [slot])
  yield scene.untilWorkday(1)
  enterLog(world, repository, 'repo.create_actions_secret', person, { key: COPY })
  const copied = declareCopy(world, targetOf(slot), 'ci-variable', `${repository.name} ${COPY}`, slot.version)
  yield DAY
  yield* runs(scene, repository, person)
  scene.tell('rotatedAt', new Date(scene.now).toISOString())
  for (const written of yield* rotate(world, [slot])) scene.cause(written)
  scene.cause(copied)
  yield 40 * MINUTE
  if (isCopied) {
    enterLog(world, repository, 'repo.update_actions_secret', person, { key: COPY })
    scene.cause(declareCopy(world, targetOf(slot), 'ci-variable', `${repository.name} ${COPY}`, slot.version))
  }
  scene.becomesTrue()
  for (let left = 5; left > 0; left--) {
    yield 2 * DAY
    yield* runs(scene, repository, person)
  }
}

function* runs({ world }: Scene, repository: Repository, by: Person): Course {
  const attempt = startAttempt(world, { repository, by, lastsMs: 4 * MINUTE })
  yield 5_000
  passSecrets(world, attempt, [COPY, 'github_token'])
  yield attempt.endsAt - world.now
  finishAttempt(world, attempt)
}
