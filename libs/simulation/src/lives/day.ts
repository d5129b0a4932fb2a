import type { Course } from '../engine/agenda.js'
import { DAY, HOUR, isWorkday, MINUTE } from '../engine/time.js'
import { SESSION_MAX_MS } from '../organisation/mounts.js'
import type { Agent } from '../organisation/agents.js'
import type { Person } from '../organisation/people.js'
import type { World } from '../world.js'
import { attended, autonomous, sponsors, storeRotation } from './agents.js'
import { fleet } from './fleet.js'
import { pipeline } from './pipeline.js'
import { pod } from './pod.js'
import { rotation } from './rotation.js'
import { service } from './service.js'
import { staffing } from './staffing.js'
import { watch } from './watch.js'
import { workday } from './workday.js'

/** Records that one of each leaves, about. */
const RECORDS = { workday: 12, pipeline: 15, fleet: 10, service: 8, pod: 3.5, attended: 12, autonomous: 8 } as const
/** Shares of what people leave over. */
const SHARES = { pipeline: 0.47, fleet: 0.27, service: 0.05, pod: 0.13, attended: 0.05, autonomous: 0.03 } as const
/** Nobody logs in more often on one day, on average. */
const SESSIONS_MAX = 2

/** Lets every day begin: who works, what runs, what is rotated. */
export function* days(world: World): Course {
  const known = new Map<Agent['id'], Person>()
  for (;;) {
    world.agenda.start(sponsors(world, known), world.now + 7 * HOUR)
    openDay(world)
    world.origins.forget(world.now - DAY, SESSION_MAX_MS)
    yield DAY
  }
}

function openDay(world: World): void {
  const { chance, agenda, options } = world
  const works = isWorkday(world.now)
  const start = (course: Course, from: number, to: number): void =>
    agenda.start(course, world.now + chance.between(from, to))
  agenda.start(staffing(world), world.now + 8.5 * HOUR)
  agenda.start(rotation(world), world.now + 3 * HOUR)
  agenda.start(storeRotation(world), world.now + 4 * HOUR)
  const sessions = Math.min(world.people.length * SESSIONS_MAX, (options.rate * 0.3) / RECORDS.workday)
  for (let left = chance.around(works ? sessions : sessions * 0.05); left > 0; left--)
    start(workday(world), 8 * HOUR, 10 * HOUR)
  const rest = options.rate - sessions * RECORDS.workday
  const counts = (kind: keyof typeof SHARES): number => chance.around((rest * SHARES[kind]) / RECORDS[kind])
  for (let left = counts('pipeline'); left > 0; left--) start(pipeline(world), works ? 6 * HOUR : 0, works ? 22 * HOUR : DAY - MINUTE) // prettier-ignore
  agenda.start(watch(world), world.now + HOUR)
  // Roles and accounts behind which nobody in particular is known.
  const nameless = options.wellKept ? () => 0 : counts
  for (let left = nameless('fleet'); left > 0; left--) start(fleet(world), 0, DAY - MINUTE)
  for (let left = nameless('service'); left > 0; left--) start(service(world), 0, DAY - MINUTE)
  for (let left = nameless('pod'); left > 0; left--) start(pod(world), 0, DAY - MINUTE)
  for (let left = counts('attended'); left > 0; left--) start(attended(world), works ? 8 * HOUR : 9 * HOUR, works ? 17 * HOUR : 10 * HOUR) // prettier-ignore
  for (let left = counts('autonomous'); left > 0; left--) start(autonomous(world), 0, DAY - MINUTE)
}
