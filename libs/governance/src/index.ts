export * from './ownership/csv.js'
export * from './ownership/decider.js'
export * from './ownership/events.js'
export * from './ownership/read-import.js'
export * from './ownership/read-stewardship.js'
export * from './ownership/rules.js'
export * from './ownership/state.js'
export * from './ownership/stewardship-view.js'
export * from './slots/slot-pattern.js'
export { administer, type Administered, type AdministrationDesk } from './administration/administer.js'
export { AdministrationFault } from './administration/line.js'
export * from './access-summary/access-summary.js'
export * from './access-summary/tally.js'
export * from './history/accessor.js'
export * from './history/retrieval.js'
export * from './access-summary/read-summaries.js'
export * from './access-summary/summary-projection.js'
export {
  issuersAmong,
  NO_SURROUNDINGS,
  greatestSkew,
  heardLess,
  reclockedPresenters,
  surroundingsOf,
  type Surroundings,
} from './access-summary/surroundings.js'
export { verifyAccesses, type VerifiedAccesses } from './access-summary/verify-accesses.js'
export { lostIn } from './access-summary/lost.js'
export * from './access-summary/walk-retrievals.js'
export { LANES_OF_A_THREAD, type OpenWalkers } from './access-summary/stretch-walkers.js'
export { walkStretch, type WalkedStretch } from './access-summary/walk-stretch.js'
export * from './governance-runner.js'
export * from './controls/backtest.js'
export * from './controls/control.js'
export * from './controls/document.js'
export * from './controls/evaluate.js'
export * from './controls/exceptions.js'
export * from './controls/registry.js'
export { sharedUse, type SharedUse } from './controls/shared-account-use.js'
export * from './crosswalk/crosswalk.js'
export * from './crosswalk/read-coverage.js'
export * from './history/credential-history.js'
export * from './history/questions.js'
export * from './history/access-review.js'
export * from './history/sharing-record.js'
export * from './privilege/privilege-rules.js'
export { readPrivilegeRules } from './privilege/read-privilege-rules.js'
export {
  DUTIES,
  DUTIES_DEFAULT,
  DUTIES_STREAM,
  exclusiveDuties,
  excludedBy,
  type DutiesEvent,
  type DutiesState,
  type Duty,
  type DutyPair,
} from './sharing/duties.js'
export {
  exposureClocks,
  EXPOSURE_KINDS,
  FIRST_ABUSE_MS,
  STILL_VALID_MS,
  type ExposureClocks,
} from './sharing/exposure.js'
export { EXCEPTION_KINDS } from './sharing/exception.js'
export type { Authority, Grant, GrantCommand } from './sharing/grant.js'
export { partyOf, type Party } from './sharing/party.js'
export { refusedOnRecord } from './sharing/refused-on-record.js'
export { askedUnder, authorityOver, usesIn, type AuthorityDesk } from './sharing/read-authority.js'
export { rightTo, type RightDesk } from './sharing/read-right.js'
export * from './sharing/read-sharing.js'
export * from './sharing/registry.js'
export { underRight, type Right } from './sharing/right.js'
export { sharingRecordOf } from './sharing/sharing-record.js'
export { sharingView } from './sharing/sharing-view.js'
export { authorityIn, type SharingWorkflowState, type WorkflowParts } from './sharing/workflow.js'
export * from './history/read-history.js'
export * from './verdicts/finding-decider.js'
export * from './verdicts/judge-stale.js'
export * from './verdicts/mark-decided.js'
export * from './verdicts/verdict-changes.js'
export * from './verdicts/verdict-decider.js'
export { verifyVerdicts } from './verdicts/verify-verdicts.js'
export * from './inventory/inventory-entry.js'
export * from './revocation/leaver-list.js'
export * from './revocation/revocation-clocks.js'
export * from './revocation/read-leaver.js'
export * from './revocation/read-ranking.js'
export { SEVERITIES, type FindingComment, type FindingEntry } from './findings/finding-entry.js'
export { findingView } from './findings/finding-view.js'
export { listFindings, type FindingFilter } from './findings/read-findings.js'
export { controlsOf, frameworks } from './report/control-report.js'
export { CONTROL_REPORT_FORMATS, writeControlReport, type ControlReportFormat } from './report/write-report.js'
