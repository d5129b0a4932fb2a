import { declare } from '../administration/stewardship.js'
import type { Course } from '../engine/agenda.js'
import { HOUR, MINUTE } from '../engine/time.js'
import { targetOf } from '../doings/target.js'
import { readSecret, revokeSelf } from '../doings/tokens.js'
import type { Person } from '../organisation/people.js'
import type { Incident } from './incident.js'
import type { Scene } from './scene.js'

export const privateKeyTakenOut: Incident = {
  kind: 'private-key-taken-out',
  title: 'The private key of a certificate was taken out by three people, so it is in three places',
  twin: 'It was taken out three times by the one who installs it',
  requirements: ['R2.4'],
  breaks: ['shared-private-key'],
  days: 4,
  *violate(scene) {
    yield* takeOut(scene, [scene.person(), scene.person(), scene.person()])
  },
  *comply(scene) {
    const installer = scene.person()
    yield* takeOut(scene, [installer, installer, installer])
  },
}

function* takeOut(scene: Scene, people: readonly Person[]): Course {
  const slot = scene.slot()
  scene.involves(...people)
  declare(scene.world, targetOf(slot), { kind: 'certificate' })
  yield scene.untilWorkday(1)
  for (const person of people) {
    yield HOUR
    const { held } = yield* scene.enter(person)
    yield 4 * MINUTE
    const read = readSecret(scene.world, held, slot)
    if (person === people.at(-1)) scene.cause(read)
    revokeSelf(scene.world, held)
  }
  yield HOUR
}
