import { changeEnvironment, changeSecret, endSession, retrieve, startAlone } from '../doings/agents.js'
import type { Course } from '../engine/agenda.js'
import { HOUR, MINUTE } from '../engine/time.js'
import type { Agent } from '../organisation/agents.js'
import type { Person } from '../organisation/people.js'
import type { World } from '../world.js'

export interface Preview {
  readonly name: string
  /** Of its secret, in the store. */
  readonly path: string
  /** Whoever puts it up. */
  readonly by: Person
  /** Obtains its secret. */
  readonly agent: Agent
}

/** A preview of the software is put up, and an agent obtains its secret; it ends where the preview is due to go. */
export function* preview(world: World, { name, path, by, agent }: Preview): Course {
  changeEnvironment(world, name, 'created', by, path)
  changeSecret(world, path, 'written')
  yield MINUTE
  const session = startAlone(world, agent, 'preview')
  retrieve(world, session, path)
  endSession(world, session)
  yield HOUR
}
