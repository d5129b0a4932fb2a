import type { Course } from '../engine/agenda.js'
import { DAY, HOUR, MINUTE } from '../engine/time.js'
import { logInRun } from '../doings/logins.js'
import { enterLog, finishAttempt, startAttempt } from '../doings/runs.js'
import { readSecret } from '../doings/tokens.js'
import type { Repository } from '../organisation/repositories.js'
import type { World } from '../world.js'

/** Half-way two repositories get other names while their jobs run, and two days later new ones take the old names. */
export function rename(world: World): void {
  const { options, agenda, repositories } = world
  const at = options.start + Math.floor(options.days / 2) * DAY + 10.5 * HOUR
  for (const mount of ['repository', 'attempt'] as const) {
    const repository = repositories.find((candidate) => candidate.mount === mount)
    if (repository === undefined) continue
    repository.renamed = { at, name: `${repository.name}-next` }
    agenda.start(underWay(world, repository), at - 3 * MINUTE)
    agenda.start(renaming(world, repository), at)
  }
}

/** A job that logs in by the old name, and again by the new one. */
function* underWay(world: World, repository: Repository): Course {
  const [by] = world.people
  if (by === undefined) return
  const attempt = startAttempt(world, { repository, by, lastsMs: 7 * MINUTE })
  for (let login = 0; login < 2; login++) {
    yield 2 * MINUTE
    const held = logInRun(world, attempt, '10.40.9.9')
    yield MINUTE
    readSecret(world, held, world.credentials.pick(repository.team, 'kv'))
  }
  yield attempt.endsAt - world.now
  finishAttempt(world, attempt)
}

function* renaming(world: World, repository: Repository): Course {
  const old = repository.name
  repository.name = repository.renamed?.name ?? old
  delete repository.renamed
  enterLog(world, repository, 'repo.rename', world.people[0], { old_name: old })
  yield 2 * DAY
  const successor: Repository = { ...repository, id: repository.id + 5_000, name: old }
  enterLog(world, successor, 'repo.create', world.people[0])
  world.repositories.push(successor)
}
