import type { Happening } from './happening.js'
import { type Origin } from './organisation.js'
import { endSession } from './people.js'
import { tellRun } from './runs.js'

export function endOrigin(course: Happening): void {
  const alive = course.origins.filter(({ end }) => end === undefined)
  if (alive.length === 0) return
  finish(course, course.chance.pick(alive))
}

export function finish(course: Happening, origin: Origin): void {
  origin.end = course.now
  if (origin.person !== undefined) endSession(course, origin)
  else if (origin.endRecorded) tellRun(course, origin, 'completed')
}
