export { moveCheckpoint, readCheckpoint } from './checkpoint.js'
export { ExportDesk, ReplayNotBegun, type ExportDeskOptions, type ReplayFrom, type TestReport } from './desk.js'
export {
  DESTINATION_KINDS,
  filterSchema,
  type Destination,
  type DestinationKind,
  type FeedFilter,
} from './destinations/destination.js'
export { BadDestination, emptyFilter, readDestination } from './destinations/read-destination.js'
export type { DestinationState, DestinationStatus } from './destinations/decider.js'
export { DeliveryEngine, type EngineOptions } from './engine.js'
export { matches } from './matches.js'
export type { SinkSurroundings } from './open-sink.js'
export { PATIENCE, type Patience } from './patience.js'
export type { Backlog, DeadLetterEntry, DestinationReport } from './status.js'
