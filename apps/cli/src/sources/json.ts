import { formatInstant } from '@catena/domain'
import { isConserved } from '@catena/ledger'
import { show } from '../trace/json.js'
import type { SourcesReport } from './report.js'

/** As apps/cli/README.md describes it. */
export function sourcesJson({
  sources,
  conservation,
  quarantine = [],
  kafka,
  behind,
  unclassified,
  notInterpreted,
}: SourcesReport): string {
  const { lanes, head, missingEvents, holds } = conservation
  const waiting = new Map(kafka === 'unknown' ? [] : kafka?.map(({ lane, messages }) => [lane, messages]))
  return show({
    sources: sources.map(({ id, instance, status, heardAt, lastReceivedAt, lastOccurredAt, delay, ...counts }) => ({
      id,
      kind: instance?.kind ?? null,
      scope: instance?.scope ?? null,
      ...counts,
      status,
      heardAt: time(heardAt),
      lastReceivedAt: time(lastReceivedAt),
      lastOccurredAt: time(lastOccurredAt),
      heartbeatSeconds: instance?.heartbeatSeconds ?? null,
      delay:
        delay === undefined ? null : { records: delay.records, medianMs: delay.medianMs, greatestMs: delay.greatestMs },
    })),
    conserved: holds,
    quarantine,
    missingEvents,
    lanes: lanes.map((lane) => ({
      ...lane,
      offsets: lane.offsets ?? null,
      missingOffsets: lane.missingOffsets ?? null,
      conserved: isConserved(lane),
      waiting: waiting.get(lane.lane) ?? null,
    })),
    kafka: kafka === undefined ? null : kafka,
    readModel: { head, behind },
    unclassified,
    notInterpreted,
  })
}

function time(instant: number | undefined): string | null {
  return instant === undefined ? null : formatInstant(instant)
}
