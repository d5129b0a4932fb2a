import type { Json } from '@catena/domain'
import type { LedgerEvent } from '@catena/ledger'
import { AccessReader } from '@catena/projections'
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs'
import { ApiError } from '../errors/api-error.js'
import type { EvidenceRecord } from './evidence-record.model.js'

/** Most records that one request reads in one go. */
export const RECORDS_MAX = 5_000

/** Records by position, read together; positions that the ledger does not have are left out. */
export class ReadRecords extends Query<Map<number, EvidenceRecord>> {
  constructor(readonly positions: readonly number[]) {
    super()
  }
}

@QueryHandler(ReadRecords)
export class ReadRecordsHandler implements IQueryHandler<ReadRecords> {
  constructor(private readonly reader: AccessReader) {}

  async execute({ positions }: ReadRecords): Promise<Map<number, EvidenceRecord>> {
    if (positions.length > RECORDS_MAX)
      throw new ApiError(
        'PAGE_TOO_LARGE',
        `the answer would hold ${positions.length} records, at most ${RECORDS_MAX} are allowed: ask for fewer chains at once`,
      )
    const events = await this.reader.records({ position: Infinity }, positions)
    return new Map(events.map((event) => [event.position, recordOf(event)]))
  }
}

function recordOf(event: LedgerEvent): EvidenceRecord {
  return {
    position: event.position,
    source: event.source,
    stream: event.sourceStream,
    type: event.type,
    occurredAt: event.occurredAt,
    recordedAt: event.recordedAt,
    recordId: event.recordId,
    payload: event.payload === undefined ? null : (JSON.parse(event.payload.toString('utf8')) as Json),
  }
}
