export { ADMINISTRATION_FILE } from './administration/administration.js'
export { Chance } from './engine/chance.js'
export { INCIDENTS } from './incidents/catalogue.js'
export type { Incident } from './incidents/incident.js'
export { INCIDENTS_FILE } from './incidents/plant.js'
export type { IncidentLine } from './incidents/scene.js'
export {
  endOf,
  NO_FAULTS,
  SIMULATION_DEFAULTS,
  SOURCES,
  type Faults,
  type SimulationOptions,
  type SourceId,
} from './options.js'
export type { Aspect, State } from './oracle/aspect.js'
export { TRUTH_FILE, type Truth } from './oracle/truths.js'
export { FolderOutput } from './output/folder.js'
export { MemoryOutput } from './output/memory.js'
export type { SourceSettings } from './output/settings.js'
export { FILES, type Output } from './records/journal.js'
export { simulate, type Simulated } from './simulate.js'
