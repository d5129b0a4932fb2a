import type { ReleaseResult } from '@catena/ingest'
import { isReleased, type Locator, type QuarantineEntry } from '@catena/ledger'
import type { Place, QuarantinedRecord, ReleaseAttempt } from './quarantine.model.js'

export function toQuarantined({ locator, lastAttempt, ...entry }: QuarantineEntry): QuarantinedRecord {
  return {
    ...entry,
    place: placeOf(locator),
    state: isReleased({ lastAttempt }) ? 'released' : 'open',
    lastAttempt: lastAttempt === undefined ? null : toAttempt({ ...lastAttempt, isNew: false }),
  }
}

export function toAttempt(result: ReleaseResult): ReleaseAttempt {
  const { entry: id, outcome } = result
  if (result.outcome === 'unreached')
    return { id, outcome, isNew: true, source: null, position: null, reason: result.reason, actor: null, at: null }
  const { isNew, source, position = null, reason = null, actor, at } = result
  return { id, outcome, isNew, source, position, reason, actor, at }
}

function placeOf(locator: Locator): Place {
  switch (locator.door) {
    case 'kafka':
      return { topic: locator.topic, partition: locator.partition, offset: locator.offset }
    case 'file':
      return { file: locator.file, from: locator.from, to: locator.to }
    case 'http':
      return { request: locator.request, index: locator.index }
  }
}
