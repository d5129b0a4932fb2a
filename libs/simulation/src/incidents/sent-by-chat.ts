import { reportExposure } from '../administration/sharing.js'
import type { Course } from '../engine/agenda.js'
import { DAY, MINUTE } from '../engine/time.js'
import { targetOf } from '../doings/target.js'
import { rotate } from '../lives/rotation.js'
import type { Incident } from './incident.js'
import type { Scene } from './scene.js'

export const sentByChat: Incident = {
  kind: 'sent-by-chat',
  title: 'A secret was sent to a colleague in a chat, and has not been replaced since',
  twin: 'It was sent in a chat, and replaced within twenty minutes',
  requirements: ['R3.11'],
  breaks: ['insecure-sharing'],
  days: 5,
  *violate(scene) {
    yield* sent(scene, false)
  },
  *comply(scene) {
    yield* sent(scene, true)
  },
}

function* sent(scene: Scene, isReplaced: boolean): Course {
  const [slot, person] = [scene.slot(), scene.person()]
  scene.involves(person)
  yield* rotate(scene.world, [slot])
  yield scene.untilWorkday(1)
  const report = reportExposure(scene.world, targetOf(slot), 'insecure-sharing', `sent by ${person.username} in a chat`)
  if (!isReplaced) scene.cause(report)
  yield 20 * MINUTE
  if (isReplaced) for (const written of yield* rotate(scene.world, [slot])) scene.cause(written)
  yield 2 * DAY
}
