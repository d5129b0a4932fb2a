import type { Origin } from '../oracle/origins.js'
import type { Person } from '../organisation/people.js'
import type { Repository } from '../organisation/repositories.js'
import { entryLine, jobLine, reviewLine, runLine, type JobPart, type RunPart } from '../records/github.js'
import type { Noted } from '../records/journal.js'
import type { World } from '../world.js'

/** One attempt of a CI run, with the moments at which its host will tell of it. */
export interface Attempt {
  readonly origin: Origin
  readonly repository: Repository
  readonly run: number
  readonly number: number
  readonly job: number
  readonly by: Person
  readonly environment: string | undefined
  readonly startedAt: number
  readonly endsAt: number
}

export interface Plan {
  readonly repository: Repository
  readonly by: Person
  readonly lastsMs: number
  readonly environment?: string | undefined
  /** The attempt that this one repeats. */
  readonly again?: Attempt
}

/** The host lets a run begin: requested, and its job queued. */
export function startAttempt(world: World, plan: Plan): Attempt {
  const { repository, by, again, environment } = plan
  // GitHub's stamps are whole seconds.
  const startedAt = world.now
  const endsAt = startedAt + plan.lastsMs
  const run = again?.run ?? world.nextRun()
  const number = (again?.number ?? 0) + 1
  const names = namesSeen(world, repository, [startedAt, startedAt, endsAt, endsAt])
  const origin: Origin = {
    name: `ci-attempt:${run}/${number}`,
    start: startedAt,
    isSeen: names.length > 0,
    dueEnd: world.journal.isKept('github', endsAt) ? endsAt : undefined,
    names,
    attempt: { run, attempt: number, repository },
  }
  world.origins.keep(origin)
  const attempt = { origin, repository, run, number, job: world.nextJob(), by, environment, startedAt, endsAt }
  deliver(world, (id, at) => runLine({ id, at }, partOf(world, attempt), 'requested', null))
  deliver(world, (id, at) => jobLine({ id, at }, jobOf(world, attempt), 'queued', null))
  return attempt
}

/** What the host's own log says of secrets that it hands to a job. */
export function passSecrets(
  world: World,
  { repository, run, environment }: Attempt,
  secrets: readonly string[],
): Noted {
  const more = { workflow_run_id: String(run), job_name: 'deploy', secrets_passed: secrets, ...(environment === undefined ? {} : { environment_name: environment }) } // prettier-ignore
  return enterLog(world, repository, 'workflows.prepared_workflow_job', undefined, more)
}

export function finishAttempt(world: World, attempt: Attempt, conclusion = 'success'): void {
  attempt.origin.end = world.now
  deliver(world, (id, at) => jobLine({ id, at }, jobOf(world, attempt), 'completed', conclusion))
  const isSeen = deliver(world, (id, at) => runLine({ id, at }, partOf(world, attempt), 'completed', conclusion))
  attempt.origin.isEndSeen = isSeen
}

export function review(world: World, attempt: Attempt, action: 'requested' | 'approved', by: Person): Noted {
  const id = world.chance.id()
  const at = world.clockOf('github', world.now)
  const line = reviewLine({ id, at }, partOf(world, attempt), attempt.environment ?? 'production', action, by)
  const isSeen = world.journal.write('github-webhooks.jsonl', world.now, line)
  return { fact: `github:github.com:webhook:delivery:${id}`, isSeen }
}

/** An entry of the audit log. */
export function enterLog(
  world: World,
  { id: repositoryId, name }: Repository,
  action: string,
  by: Person | undefined,
  more: Readonly<Record<string, unknown>> = {},
): Noted {
  const id = world.chance.letters(22)
  const line = entryLine({ id, at: world.clockOf('github', world.now), action, repositoryId, repositoryName: name, ...(by === undefined ? {} : { by }), more }) // prettier-ignore
  const isSeen = world.journal.write('github-audit.jsonl', world.now, line)
  return { fact: `github:github.com:audit:${id}`, isSeen }
}

function deliver(world: World, line: (id: string, at: number) => string): boolean {
  return world.journal.write(
    'github-webhooks.jsonl',
    world.now,
    line(world.chance.id(), world.clockOf('github', world.now)),
  )
}

function partOf(world: World, { run, number, repository, startedAt, by }: Attempt): RunPart {
  return {
    run,
    attempt: number,
    repositoryId: repository.id,
    repositoryName: repository.name,
    startedAt: world.clockOf('github', startedAt),
    by,
  }
}

function jobOf(world: World, attempt: Attempt): JobPart {
  const { job, environment } = attempt
  return {
    ...partOf(world, attempt),
    job,
    name: 'deploy',
    ranAt: world.clockOf('github', attempt.startedAt + 2_000),
    environment,
  }
}

/** The repository's names in those deliveries that can be read afterwards. */
function namesSeen(world: World, { name, renamed }: Repository, moments: readonly number[]): string[] {
  return moments
    .filter((at) => world.journal.isKept('github', at))
    .map((at) => (renamed !== undefined && at >= renamed.at ? renamed.name : name))
}
