export { BATCH_AGE_MAX_MS, BATCH_BYTES_MAX, BATCH_RECORDS_MAX } from './batching/batcher.js'
export { EMPTY_TALLY, totalTally, type Tally } from './batching/tally.js'
export { FOLLOW_POLL_MS, ingestFile } from './doors/file-door.js'
export type { FileIngest, FileSummary } from './doors/file-ingest.js'
export { RECORD_BYTES_MAX, frameWhole, type Framed } from './framing/framed.js'
export { Framer } from './framing/framer.js'
export { normalForm } from './framing/normal-form.js'
export { InputFailure, type InputFailureCode } from './input/input-failure.js'
export { deriveIntakeKeys, INSTALLATION_KEY_BYTES_MIN, type IntakeKeys } from './pipeline/intake-keys.js'
export { prepareRecord, prepareRecords, type Intake, type Prepared, type PreparedRecords } from './pipeline/prepare.js'
export { RELEASE_GROUP_PREFIX } from './release/read-messages.js'
export { releaseEntries, type ReleaseDesk, type ReleaseResult } from './release/release-entries.js'
export { unwrap } from './unwrapping/unwrap.js'
export {
  BODY_BYTES_MAX,
  DECOMPRESSED_BYTES_MAX,
  receive,
  type HttpDoor,
  type HttpReceipt,
  type HttpRequest,
} from './doors/http-door.js'
export {
  OFFSET_COMMIT_INTERVAL_MS,
  openKafkaDoor,
  TOPIC_POLL_MS,
  type KafkaDoor,
  type KafkaDoorStatus,
} from './doors/kafka-door.js'
export type { HttpHeaders } from './input/read-body.js'
export { RequestRejected, type RejectionCode } from './input/request-rejected.js'
export { SOURCE_HEADER, type KafkaIngest, type KafkaTopic } from './kafka/kafka-ingest.js'
export { isWithin } from './release/is-within.js'
