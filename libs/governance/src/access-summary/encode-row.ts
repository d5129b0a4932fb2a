import type { CopyBinary } from '@catena/platform'
import type { Row } from './retrieval-row.js'

/** In the order of `writeRow`. */
export const RETRIEVAL_COLUMNS =
  'fact, fact_id, credential, named_credential, accessor, at_us, obtained, source, system, lease_path, end_us, federated, uncovered, body, settled_us, slot_end, shape, presenters, number'

/** One row as COPY takes it. */
export function writeRow(out: CopyBinary, row: Row): void {
  out.row(19)
  out.hex(row.fact)
  out.text(row.fact_id)
  optional(row.credential, (id) => out.hex(id), out)
  optional(row.named_credential, (id) => out.hex(id), out)
  out.text(row.accessor)
  out.bigint(row.at_us)
  out.boolean(row.obtained)
  out.text(row.source)
  out.text(row.system)
  optional(row.lease_path, (path) => out.text(path), out)
  optional(row.end_us, (end) => out.bigint(end), out)
  out.boolean(row.federated)
  out.boolean(row.uncovered)
  out.text(JSON.stringify(row.body))
  out.bigint(row.settled_us)
  out.boolean(row.slot_end)
  out.hex(row.shape)
  optional(row.presenters, (presenters) => out.textArray(presenters), out)
  out.smallint(row.number)
}

function optional<T>(value: T | null, write: (value: T) => void, out: CopyBinary): void {
  if (value === null) out.nothing()
  else write(value)
}
