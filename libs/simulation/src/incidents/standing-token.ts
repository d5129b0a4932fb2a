import { DAY, MINUTE } from '../engine/time.js'
import { makeChild, readSecret, revokeSelf } from '../doings/tokens.js'
import type { Incident } from './incident.js'

export const standingToken: Incident = {
  kind: 'standing-token',
  title: 'A token without an end was made and is used for weeks',
  twin: 'A token of half an hour was made, used, and is gone',
  requirements: ['R3.2'],
  breaks: ['issuance-limited'],
  days: 30,
  *violate(scene) {
    const [slot, person] = [scene.slot(), scene.person()]
    scene.involves(person)
    yield scene.untilWorkday(1)
    const { held } = yield* scene.enter(person)
    yield MINUTE
    const child = makeChild(scene.world, held, [scene.team], 0)
    scene.cause(child.made)
    for (let day = 1; day <= 20; day++) {
      yield DAY
      scene.cause(readSecret(scene.world, child, slot, { address: '10.60.8.40', agent: 'importer/2.0' }))
      // No record tells its time to live, so that it shows by its age.
      if (day === 8) scene.becomesTrue()
    }
  },
  *comply(scene) {
    const [slot, person] = [scene.slot(), scene.person()]
    scene.involves(person)
    yield scene.untilWorkday(1)
    const { held } = yield* scene.enter(person)
    yield MINUTE
    const child = makeChild(scene.world, held, [scene.team], 1_800)
    scene.cause(child.made)
    yield 10 * MINUTE
    scene.cause(readSecret(scene.world, child, slot))
    yield MINUTE
    revokeSelf(scene.world, child)
  },
}
