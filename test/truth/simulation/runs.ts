import type { Happening } from './happening.js'
import { type Origin } from './organisation.js'
import { jobWebhook, runWebhook } from './raw.js'

export function startRun(course: Happening): void {
  const earlier = course.origins.filter(({ attempt, end }) => attempt !== undefined && end !== undefined)
  const again = earlier.length > 0 && course.chance.is(0.3) ? course.chance.pick(earlier).attempt : undefined
  const number =
    again === undefined
      ? 1
      : 1 +
        Math.max(
          ...earlier.filter((other) => other.attempt?.run === again.run).map((other) => other.attempt?.attempt ?? 0),
        )
  if (
    again !== undefined &&
    course.origins.some((other) => other.attempt?.run === again.run && other.end === undefined)
  )
    return
  const attempt = {
    run: again?.run ?? course.run++,
    attempt: number,
    repository: again?.repository ?? course.chance.pick(course.organisation.repositories),
    start: course.now,
  }
  const mode = course.chance.pick(['all', 'all', 'all', 'started', 'jobs', 'completed', 'none'])
  const origin: Origin = {
    key: `ci-attempt:${attempt.run}/${attempt.attempt}`,
    start: course.now,
    attempt,
    isRecorded: mode !== 'none',
    endRecorded: mode === 'all' || mode === 'completed',
  }
  course.origins.push(origin)
  if (mode === 'all' || mode === 'started') tellRun(course, origin, 'requested')
  if (mode === 'all' || mode === 'jobs') tellJob(course, origin, 'queued')
  if (course.chance.is(0.05) && mode === 'all') forge(course, origin)
}

export function tellRun(course: Happening, { attempt }: Origin, action: string): void {
  const offset = course.organisation.githubOffset
  if (attempt !== undefined)
    course.github.push(
      ...twice(course, runWebhook(course.chance.id(), course.now + offset, action, attempt, attempt.start + offset)),
    )
}

export function tellJob(course: Happening, { attempt }: Origin, action: string): void {
  const offset = course.organisation.githubOffset
  if (attempt !== undefined)
    course.github.push(
      ...twice(course, jobWebhook(course.chance.id(), course.now + offset, action, attempt, attempt.start + offset)),
    )
}

export function twice(course: Happening, line: string): string[] {
  return course.chance.is(0.1) ? [line, line] : [line]
}

/** A delivery that names another repository for the same attempt. */
export function forge(course: Happening, origin: Origin): void {
  if (origin.attempt === undefined) return
  origin.isForged = true
  tellRun(
    course,
    { ...origin, attempt: { ...origin.attempt, repository: { id: 666, name: 'evil/fork' } } },
    'in_progress',
  )
}
