import { ADMINISTRATION_FILE } from './administration/administration.js'
import { Chance } from './engine/chance.js'
import { DAY, HOUR } from './engine/time.js'
import { exportDirectory } from './doings/staff.js'
import { Disorder } from './faults/disorder.js'
import { INCIDENTS_FILE, plantIncidents } from './incidents/plant.js'
import { days } from './lives/day.js'
import { governing } from './lives/governing.js'
import { setup } from './lives/setup.js'
import { recycle } from './lives/staffing.js'
import { rename } from './faults/rename.js'
import { TRUTH_FILE } from './oracle/truths.js'
import type { SimulationOptions } from './options.js'
import { manifestOf, settingsOf, yamlOf, type SourceSettings } from './output/settings.js'
import type { Output } from './records/journal.js'
import { World } from './world.js'

export interface Simulated {
  readonly records: number
  /** Of the records as they were made, without what faults repeat. */
  readonly bytes: number
  readonly truths: number
  readonly incidents: number
  /** What people told Catena. */
  readonly commands: number
  /** Kinds of incidents for which the time was too short. */
  readonly leftOut: readonly string[]
  readonly byFile: ReadonlyMap<string, number>
  readonly sources: readonly SourceSettings[]
}

/**
 * Lets an organisation work for some days and writes what its systems record, what was true, and what Catena is told about it.
 * The same options give the same bytes. `progress` is called once a simulated day.
 */
export function simulate(
  options: SimulationOptions,
  out: Output,
  progress?: (records: number, day: number) => void,
): Simulated {
  const disorder = new Disorder(
    out,
    options.faults,
    options.seed,
    new Set([TRUTH_FILE, INCIDENTS_FILE, ADMINISTRATION_FILE]),
  )
  const world = new World(options, disorder)
  const { agenda, journal } = world
  agenda.start(setup(world))
  agenda.start(governing(world))
  agenda.start(days(world), world.now + DAY)
  if (options.faults.renameRepository) rename(world)
  if (options.faults.recycleLogin)
    agenda.start(recycle(world), options.start + Math.floor(options.days / 3) * DAY + 8 * HOUR)
  const planted = plantIncidents(world, new Chance(options.seed ^ 0x1c1de47))
  let day = 0
  while (agenda.step()) {
    if (progress === undefined || world.now < options.start + (day + 1) * DAY) continue
    progress(journal.records, ++day)
  }
  exportDirectory(world)
  planted.end()
  disorder.end()
  const sources = settingsOf(world.loss, world.skewMs)
  out.write('manifest.json', manifestOf(sources, [...journal.byFile.keys()]))
  out.write('catena.yaml', yamlOf(sources).trimEnd())
  return {
    records: journal.records,
    bytes: journal.bytes,
    truths: world.truths.written,
    incidents: planted.count,
    commands: world.administration.commands,
    leftOut: planted.leftOut,
    byFile: journal.byFile,
    sources,
  }
}
