import { MINUTE } from '../engine/time.js'
import { readSecret } from '../doings/tokens.js'
import { signOut } from '../doings/sessions.js'
import type { Incident } from './incident.js'

export const borrowedHumanIdentity: Incident = {
  kind: 'borrowed-human-identity',
  title: "Software reads a secret every five minutes with a person's token, through the night and from a machine",
  twin: 'The person reads it a few times, at work and from the own desk',
  requirements: ['R1.6'],
  breaks: ['borrowed-identity'],
  days: 3,
  *violate(scene) {
    const [slot, person] = [scene.slot(), scene.person()]
    scene.involves(person)
    yield scene.untilWorkday(1, 21)
    const { held } = yield* scene.enter(person)
    for (let time = 1; time <= 80; time++) {
      yield 5 * MINUTE
      scene.cause(readSecret(scene.world, held, slot, { address: '10.60.7.44', agent: 'python-requests/2.32' }))
      if (time === 12) scene.becomesTrue()
    }
  },
  *comply(scene) {
    const [slot, person] = [scene.slot(), scene.person()]
    scene.involves(person)
    yield scene.untilWorkday(1)
    const { session, held } = yield* scene.enter(person)
    for (let left = 5; left > 0; left--) {
      yield scene.world.chance.between(3, 80) * MINUTE
      scene.cause(readSecret(scene.world, held, slot))
    }
    yield MINUTE
    signOut(scene.world, session)
  },
}
