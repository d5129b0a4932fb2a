import { MINUTE } from '../engine/time.js'
import { logInRun } from '../doings/logins.js'
import { finishAttempt, review, startAttempt } from '../doings/runs.js'
import { readSecret } from '../doings/tokens.js'
import type { Slot } from '../organisation/credentials.js'
import type { Person } from '../organisation/people.js'
import type { Repository } from '../organisation/repositories.js'
import type { Noted } from '../records/journal.js'
import type { Scene } from './scene.js'

export interface Deployment {
  readonly repository: Repository
  readonly by: Person
  readonly slot: Slot
  readonly environment: string
  /** Who lets it go on, where anybody does. */
  readonly approver?: Person
}

export interface Deployed {
  readonly approval?: Noted
  readonly read: Noted
}

/** A job of an environment reads a secret, after an approval where there is one. */
export function* deploy(
  { world }: Scene,
  { repository, by, slot, environment, approver }: Deployment,
): Generator<number, Deployed> {
  const attempt = startAttempt(world, { repository, by, lastsMs: 6 * MINUTE, environment })
  yield 6_000
  if (approver !== undefined) review(world, attempt, 'requested', by)
  yield 40_000
  const approval = approver === undefined ? undefined : review(world, attempt, 'approved', approver)
  yield 4_000
  const held = logInRun(world, attempt, '10.40.9.17')
  yield 5_000
  const read = readSecret(world, held, slot)
  yield attempt.endsAt - world.now
  finishAttempt(world, attempt)
  return { read, ...(approval === undefined ? {} : { approval }) }
}
