export { decidedBy, DECISIONS, type DecisionDesk } from './commands/decision-desk.js'
export { AccessGuard } from './caller/access-guard.js'
export { ALLOWED, Allow, own, reachOf, type Grant, type Reach } from './caller/allow.js'
export { accessTable, type AccessRow } from './caller/access-table.js'
export { RESOLVERS } from './resolvers.js'
export { CurrentCaller, CurrentReach, LOCAL_CALLER, type CallerContext } from './caller/current-caller.js'
export type { ApiErrorCode } from './errors/api-error.js'
export type { ReportFault } from './errors/format-error.js'
export {
  EvidenceGraphModule,
  type EvidenceGraphFactory,
  type EvidenceGraphOptions,
  type LedgerReports,
} from './graphql.module.js'
export { sealCursors } from './paging/cursor-seal.js'
export type { RecordRead } from './reads/record-reads.js'
export { FIRST_MAX } from './paging/page-arguments.js'
export { RECORDS_MAX } from './records/read-records.js'
export { CHAINS_MAX } from './request-loaders.js'
export { printApiSchema } from './schema.js'
