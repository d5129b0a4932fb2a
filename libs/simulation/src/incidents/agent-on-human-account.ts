import { MINUTE } from '../engine/time.js'
import { endSession, register, retrieve, startWith } from '../doings/agents.js'
import { signIn } from '../doings/sessions.js'
import { agentsOf, type Agent } from '../organisation/agents.js'
import type { AgentSession } from '../oracle/agents.js'
import type { Incident } from './incident.js'
import type { Scene } from './scene.js'

export const agentOnHumanAccount: Incident = {
  kind: 'agent-on-human-account',
  title: "An agent works by itself through the night with the authority of a person's sign-in",
  twin: "An agent reads with the authority of a person's sign-in while the person sits with it",
  requirements: ['R9.1', 'R1.6'],
  breaks: ['agent-identity'],
  days: 4,
  *violate(scene) {
    const [path, session] = yield* works(scene, 'autonomous', 18)
    for (let left = 8; left > 0; left--) {
      yield 40 * MINUTE
      scene.cause(retrieve(scene.world, session, path))
    }
    endSession(scene.world, session)
  },
  *comply(scene) {
    const [path, session] = yield* works(scene, 'attended', 10)
    for (let left = 2; left > 0; left--) {
      yield 4 * MINUTE
      scene.cause(retrieve(scene.world, session, path))
    }
    endSession(scene.world, session)
  },
}

/** Somebody signs in and lets an agent begin. */
function* works(
  scene: Scene,
  mode: 'attended' | 'autonomous',
  hour: number,
): Generator<number, [string, AgentSession]> {
  const { world } = scene
  const [path, person, sponsor] = [scene.storedSecret(), scene.person(), scene.person()]
  const [assistant] = agentsOf(scene.team)
  const agent: Agent = {
    ...assistant,
    id: `${assistant.id}-${scene.serial}`,
    name: `${assistant.name}-${scene.serial}`,
  }
  scene.involves(person, `agent:${agent.id}`)
  scene.tell('agent', { name: agent.name, sponsor: `person:${sponsor.username}`, mode })
  yield scene.untilWorkday(1, hour)
  register(world, agent, sponsor)
  yield MINUTE
  const signedIn = signIn(world, person, 'agents')
  yield 4_000
  const session = startWith(world, agent, signedIn, 'TASK-scene', { mode })
  return [path, session]
}
