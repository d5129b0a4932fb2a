import type { Course } from '../engine/agenda.js'
import { MINUTE, SECOND } from '../engine/time.js'
import { assumeRole, getSecretValue } from '../doings/cloud.js'
import { logInRun } from '../doings/logins.js'
import { finishAttempt, passSecrets, review, startAttempt, type Attempt } from '../doings/runs.js'
import { makeChild, readSecret, revokeSelf } from '../doings/tokens.js'
import { RUNNERS } from '../organisation/names.js'
import type { Slot } from '../organisation/credentials.js'
import type { Person } from '../organisation/people.js'
import type { Repository } from '../organisation/repositories.js'
import type { World } from '../world.js'
import { takeAccount } from './workday.js'

/** A push or a schedule sets off a run; some fail and are run again. */
export function* pipeline(world: World): Course {
  const { chance } = world
  const repository = chance.pick(world.repositories)
  const by = committerOf(world, repository)
  const environment = chance.is(0.3) ? 'production' : undefined
  yield* apart(world, repository)
  const first = begin(world, repository, by, environment)
  yield* job(world, first)
  if (!chance.is(0.08)) return
  yield chance.between(1, 6) * MINUTE
  yield* apart(world, repository)
  yield* job(world, begin(world, repository, committerOf(world, repository), environment, first))
}

/** Within this time of its start a run has logged in. */
const LOGIN_BY = 100 * SECOND

/**
 * Runs of one name do not begin seconds after each other's logins: stamps could not tell which came first, and the oracle, which
 * tells the truth as it happens, does not look ahead.
 */
function* apart(world: World, { name }: Repository): Course {
  const { runsBegun } = world
  const waits = (): number => (runsBegun.get(name) ?? -Infinity) + LOGIN_BY - world.now
  while (waits() > 0) yield waits()
  runsBegun.set(name, world.now)
}

function begin(
  world: World,
  repository: Repository,
  by: Person,
  environment: string | undefined,
  again?: Attempt,
): Attempt {
  const lastsMs = world.chance.between(3 * MINUTE, 14 * MINUTE)
  return startAttempt(world, { repository, by, lastsMs, environment, ...(again === undefined ? {} : { again }) })
}

function* job(world: World, attempt: Attempt): Course {
  const { chance } = world
  yield chance.between(3, 8) * SECOND
  if (attempt.environment !== undefined) yield* approval(world, attempt)
  if (chance.is(0.4)) passSecrets(world, attempt, ['DEPLOY_TOKEN', 'github_token'])
  yield chance.between(500, 2_000)
  yield* deploy(world, attempt)
  yield Math.max(0, attempt.endsAt - world.now)
  finishAttempt(world, attempt, chance.is(0.9) ? 'success' : 'failure')
}

/** A protected environment waits for somebody of the team who did not set the run off. */
function* approval(world: World, attempt: Attempt): Course {
  review(world, attempt, 'requested', attempt.by)
  yield world.chance.between(10, 60) * SECOND
  review(world, attempt, 'approved', approverOf(world, attempt.by))
  yield world.chance.between(2, 5) * SECOND
}

function* deploy(world: World, attempt: Attempt): Course {
  const { chance } = world
  const address = `${RUNNERS}.${chance.between(0, 4)}.${chance.between(1, 250)}`
  const { team, usesCloud } = attempt.repository
  const held = logInRun(world, attempt, address)
  const step = (): number => chance.between(2_000, Math.max(3_000, (attempt.endsAt - world.now) / 8))
  for (let left = chance.between(1, 5); left > 0; left--) {
    yield step()
    const slot = slotFor(world, attempt, 'kv')
    if (slot !== undefined) readSecret(world, held, slot)
  }
  const account = chance.is(0.3) ? slotFor(world, attempt, 'database') : undefined
  if (account !== undefined) takeAccount(world, held, account)
  if (usesCloud && chance.is(0.6)) yield* cloudWork(world, attempt, address, step)
  if (chance.is(0.05) && !world.options.wellKept) {
    const child = makeChild(world, held, [team])
    yield step()
    readSecret(world, child, world.credentials.pick(team, 'kv'))
  }
  yield step()
  if (chance.is(0.3)) revokeSelf(world, held)
}

function* cloudWork(world: World, attempt: Attempt, address: string, step: () => number): Course {
  const key = assumeRole(world, attempt, address)
  for (let left = world.chance.between(1, 3); left > 0; left--) {
    yield step()
    const slot = slotFor(world, attempt, 'aws')
    if (slot !== undefined) getSecretValue(world, key, slot)
  }
}

/** In a well-kept organisation a job of production reads what is of production; undefined where its team has nothing of the kind there. */
function slotFor(world: World, attempt: Attempt, kind: Slot['kind']): Slot | undefined {
  const { credentials, options } = world
  const { team } = attempt.repository
  if (options.wellKept && attempt.environment === 'production') return credentials.pickIn(team, kind, 'prod')
  return credentials.pick(team, kind)
}

function committerOf(world: World, { team }: Repository): Person {
  const colleagues = world.people.filter((person) => person.team === team)
  return world.chance.pick(colleagues.length > 0 ? colleagues : world.people)
}

function approverOf(world: World, by: Person): Person {
  const others = world.people.filter((person) => person !== by)
  return world.chance.pick(others.length > 0 ? others : world.people)
}
