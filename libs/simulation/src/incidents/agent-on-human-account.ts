import { MINUTE } from '../engine/time.js'
import { signOut } from '../doings/sessions.js'
import { readSecret } from '../doings/tokens.js'
import type { Incident } from './incident.js'

const AGENT = 'task-agent/0.9 (mcp)'

export const agentOnHumanAccount: Incident = {
  kind: 'agent-on-human-account',
  title: "An agent reads secrets on a person's account, at night and with nobody at the desk",
  twin: "An agent reads a secret on a person's account while the person works with it",
  requirements: ['R9.1', 'R1.6'],
  days: 4,
  *violate(scene) {
    const [slot, person] = [scene.slot(), scene.person()]
    scene.involves(person)
    scene.tell('agent', { name: 'task-agent', sponsor: `person:${person.username}`, mode: 'autonomous' })
    yield scene.untilWorkday(1, 18)
    const { session, held } = yield* scene.enter(person)
    yield 5 * MINUTE
    signOut(scene.world, session)
    for (let left = 8; left > 0; left--) {
      yield 40 * MINUTE
      scene.cause(readSecret(scene.world, held, slot, { agent: AGENT }))
    }
  },
  *comply(scene) {
    const [slot, person] = [scene.slot(), scene.person()]
    scene.involves(person)
    scene.tell('agent', { name: 'task-agent', sponsor: `person:${person.username}`, mode: 'attended' })
    yield scene.untilWorkday(1)
    const { session, held } = yield* scene.enter(person)
    yield 5 * MINUTE
    readSecret(scene.world, held, slot)
    yield MINUTE
    scene.cause(readSecret(scene.world, held, slot, { agent: AGENT }))
    yield 20 * MINUTE
    signOut(scene.world, session)
  },
}
