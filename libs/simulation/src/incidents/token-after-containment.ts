import { personNamed } from '../administration/administrators.js'
import { contain, issueIncidentToken } from '../administration/emergencies.js'
import type { Course } from '../engine/agenda.js'
import { HOUR, MINUTE, stamp } from '../engine/time.js'
import { targetOf } from '../doings/target.js'
import { makeChild, readSecret, revokeSelf } from '../doings/tokens.js'
import type { Incident } from './incident.js'
import type { Scene } from './scene.js'

export const tokenAfterContainment: Incident = {
  kind: 'token-after-containment',
  title: "A responder's one-time token was used after the incident was contained",
  twin: 'It was revoked when the incident was contained',
  requirements: ['R3.5'],
  breaks: ['incident-token-dead'],
  days: 3,
  *violate(scene) {
    yield* responds(scene, false)
  },
  *comply(scene) {
    yield* responds(scene, true)
  },
}

function* responds(scene: Scene, isRevoked: boolean): Course {
  const { world } = scene
  const [slot, lead, responder] = [scene.slot(), scene.person(), scene.person()]
  scene.involves(lead, responder)
  yield scene.untilWorkday(1, 13)
  const { held } = yield* scene.enter(lead)
  yield MINUTE
  const token = makeChild(world, held, [scene.team], 14_400)
  const issued = issueIncidentToken(world, targetOf(slot), [personNamed(responder)])
  yield 5 * MINUTE
  const first = readSecret(world, token, slot, { address: responder.address })
  if (isRevoked) scene.cause(first)
  yield HOUR
  scene.tell('containedAt', stamp(scene.now))
  const contained = contain(world, issued)
  if (isRevoked) scene.cause(contained)
  if (isRevoked) revokeSelf(world, token)
  yield HOUR
  if (!isRevoked) scene.cause(readSecret(world, token, slot, { address: responder.address }))
  scene.becomesTrue()
}
