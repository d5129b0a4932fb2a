import { changeEnvironment, changeSecret } from '../doings/agents.js'
import { DAY, HOUR, MINUTE } from '../engine/time.js'
import { preview } from '../lives/preview.js'
import { agentsOf } from '../organisation/agents.js'
import type { Incident } from './incident.js'
import type { Scene } from './scene.js'

export const environmentLeftBehind: Incident = {
  kind: 'environment-left-behind',
  title: 'A preview of the software was torn down, and the secret that it had is still what it was',
  twin: 'The secret was done away with an hour after the preview',
  requirements: ['R3.14', 'R4.1'],
  breaks: ['torn-down-ended'],
  days: 4,
  *violate(scene) {
    yield* tornDown(scene)
    yield DAY + MINUTE
    scene.becomesTrue()
  },
  *comply(scene) {
    const path = yield* tornDown(scene)
    yield HOUR
    scene.cause(changeSecret(scene.world, path, 'destroyed'))
    yield DAY
  },
}

/** It comes, an agent obtains its secret, and it goes. */
function* tornDown(scene: Scene): Generator<number, string> {
  const { world, team } = scene
  const [path, by] = [scene.storedSecret(), scene.person()]
  const [, agent] = agentsOf(team)
  const name = `${team}-scene-${scene.serial}`
  scene.involves(by, `agent:${agent.id}`)
  yield scene.untilWorkday(1)
  yield* preview(world, { name, path, by, agent })
  scene.cause(changeEnvironment(world, name, 'removed', by, path))
  return path
}
