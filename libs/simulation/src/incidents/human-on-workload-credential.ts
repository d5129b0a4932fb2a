import { MINUTE } from '../engine/time.js'
import { logInFleet } from '../doings/logins.js'
import { readSecret } from '../doings/tokens.js'
import type { Incident } from './incident.js'

export const humanOnWorkloadCredential: Incident = {
  kind: 'human-on-workload-credential',
  title: "Somebody who reads a secret by an own login reads it with a workload's role too, from the same desk",
  twin: 'Somebody reads it by an own login, the workload with its role from its machine',
  requirements: ['R1.6', 'R6.6'],
  breaks: ['human-use-of-workload'],
  days: 3,
  *violate(scene) {
    const [slot, person] = [scene.slot(), scene.person()]
    const role = `${scene.team}-release-agent`
    scene.involves(person, `approle:${role}`)
    yield scene.untilWorkday(1)
    const own = yield* scene.enter(person)
    yield 3 * MINUTE
    readSecret(scene.world, own.held, slot)
    yield 3 * MINUTE
    const held = logInFleet(scene.world, role, person.address, 'vault/1.21.0 (cli)')
    yield 20_000
    scene.cause(readSecret(scene.world, held, slot))
  },
  *comply(scene) {
    const [slot, person] = [scene.slot(), scene.person()]
    const role = `${scene.team}-publish-agent`
    scene.involves(person, `approle:${role}`)
    yield scene.untilWorkday(1)
    const own = yield* scene.enter(person)
    yield 3 * MINUTE
    readSecret(scene.world, own.held, slot)
    yield 3 * MINUTE
    const held = logInFleet(scene.world, role, '10.60.8.21')
    yield 20_000
    scene.cause(readSecret(scene.world, held, slot))
  },
}
