import type { Chance } from '../engine/chance.js'
import type { Course } from '../engine/agenda.js'
import { DAY, HOUR, isWorkday } from '../engine/time.js'
import type { World } from '../world.js'
import { INCIDENTS } from './catalogue.js'
import type { Incident } from './incident.js'
import { Scene } from './scene.js'

export const INCIDENTS_FILE = 'incidents.jsonl'

export interface Planted {
  readonly count: number
  readonly leftOut: readonly string[]
  /** Writes what was planted. */
  end(): void
}

/** Lets each incident, and its twin, begin at a moment of its own, in time for its end. */
export function plantIncidents(world: World, chance: Chance): Planted {
  const { incidents, days } = world.options
  const wanted = INCIDENTS.filter(({ kind }) => incidents === 'all' || incidents.includes(kind))
  const fitting = wanted.filter((incident) => incident.days + 2 <= days)
  const scenes = fitting.flatMap((incident, index) => {
    const name = `${incident.kind}/1`
    const [violation, twin] = [new Scene(world, incident, name, undefined, 2 * index), new Scene(world, incident, `${name}-twin`, name, 2 * index + 1)] // prettier-ignore
    world.agenda.start(played(violation, incident.violate), startOf(world, chance, incident))
    world.agenda.start(played(twin, incident.comply), startOf(world, chance, incident))
    return [violation, twin]
  })
  return {
    count: scenes.length,
    leftOut: wanted.filter((incident) => !fitting.includes(incident)).map(({ kind }) => kind),
    end: () => scenes.forEach((scene) => world.out.write(INCIDENTS_FILE, JSON.stringify(scene.line()))),
  }
}

function* played(scene: Scene, play: (scene: Scene) => Course): Course {
  yield* play(scene)
  scene.ends()
}

function startOf({ options }: World, chance: Chance, incident: Incident): number {
  const last = options.days - incident.days
  let day = options.start + Math.max(1, chance.between(1, last)) * DAY
  while (!isWorkday(day) && day > options.start + DAY) day -= DAY
  return day + 9 * HOUR + chance.between(0, 3 * HOUR)
}
