import { disableJob, tieJobToken } from '../administration/endings.js'
import type { Course } from '../engine/agenda.js'
import { DAY, HOUR, MINUTE } from '../engine/time.js'
import { enterLog } from '../doings/runs.js'
import { makeChild, readSecret, revokeSelf, type Child } from '../doings/tokens.js'
import { targetOf } from '../doings/target.js'
import { rotate } from '../lives/rotation.js'
import type { Slot } from '../organisation/credentials.js'
import type { Incident } from './incident.js'
import type { Scene } from './scene.js'

export const disabledJobToken: Incident = {
  kind: 'disabled-job-token',
  title: 'A scheduled job was disabled, and its token is still used',
  twin: 'A scheduled job was disabled, its token was revoked with it, and the secret got a new value',
  requirements: ['R3.9'],
  breaks: ['job-token-revoked'],
  days: 12,
  *violate(scene) {
    const slot = scene.slot()
    const token = yield* runsDaily(scene, slot)
    for (let left = 3; left > 0; left--) {
      yield DAY
      scene.cause(readSecret(scene.world, token, slot))
      if (left === 3) scene.becomesTrue()
    }
  },
  *comply(scene) {
    const slot = scene.slot()
    const token = yield* runsDaily(scene, slot)
    yield 10 * MINUTE
    scene.cause(revokeSelf(scene.world, token))
    for (const written of yield* rotate(scene.world, [slot])) scene.cause(written)
    yield 2 * DAY
  },
}

/** A job works by a token that somebody made for it, for some days, and is then disabled. */
function* runsDaily(scene: Scene, slot: Slot): Generator<number, Child> {
  const [person, repository] = [scene.person(), scene.repository()]
  scene.involves(person, `repository:${repository.id}`)
  scene.tell('job', { repository: repository.name, workflow: 'nightly' })
  yield scene.untilWorkday(1)
  const { held } = yield* scene.enter(person)
  yield MINUTE
  const token = makeChild(scene.world, held, [scene.team], 30 * 86_400)
  const tied = tieJobToken(scene.world, targetOf(slot), `${repository.name} nightly`)
  yield* reads(scene, token, slot)
  scene.cause(disableJob(scene.world, tied))
  scene.cause(enterLog(scene.world, repository, 'workflows.disable_workflow', person, { workflow_id: 4_711, name: 'nightly' })) // prettier-ignore
  return token
}

function* reads(scene: Scene, token: Child, slot: Slot): Course {
  for (let left = 4; left > 0; left--) {
    yield DAY
    readSecret(scene.world, token, slot)
  }
  yield 6 * HOUR
}
