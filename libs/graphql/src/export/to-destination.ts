import type { DeadLetterEntry, Destination, DestinationReport } from '@catena/siem'
import { ExportDeadLetter, ExportDestination } from './destination.model.js'

export function toDestination(report: DestinationReport): ExportDestination {
  const { destination, status, reason, backlog, lastError, lastErrorAt, movedAt } = report
  const { kinds, sources, severity } = destination.filter
  return Object.assign(new ExportDestination(), {
    id: destination.id,
    kind: destination.kind,
    format: destination.format,
    address: addressOf(destination),
    state: status,
    reason: reason ?? null,
    kinds: kinds ?? [],
    sources: sources ?? [],
    severity: severity ?? null,
    sequence: report.sequence,
    delivered: report.delivered,
    deadLetters: report.deadLetters,
    backlog: { events: backlog.events, bytes: backlog.bytes, ageSeconds: Math.floor(backlog.ageMs / 1000) },
    failures: report.failures,
    lastError: lastError ?? null,
    lastErrorAt: lastErrorAt ?? null,
    movedAt: movedAt ?? null,
  })
}

/** Query and userinfo of a URL may hold what gives access, so they stay inside. */
function addressOf(destination: Destination): string {
  switch (destination.kind) {
    case 'kafka':
      return destination.target.topic
    case 'syslog':
      return `${destination.target.host}:${destination.target.port} (${destination.target.transport})`
    case 'files':
      return destination.target.folder
    default: {
      const { origin, pathname } = new URL(destination.target.url)
      return `${origin}${pathname}`
    }
  }
}

export function toDeadLetter({ id, ...entry }: DeadLetterEntry): ExportDeadLetter {
  return { ...entry, id: String(id) }
}
