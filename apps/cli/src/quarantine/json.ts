import { formatInstant } from '@catena/domain'
import { isReleased, type QuarantineEntry } from '@catena/ledger'
import { show } from '../trace/json.js'
import type { EntryList } from './render.js'
import type { Released } from './summary.js'

/** As apps/cli/README.md describes it. */
export function entriesJson({ entries, hasMore, counts }: EntryList): string {
  return show({ entries: entries.map(entryObject), hasMore, counts })
}

export function entryJson(entry: QuarantineEntry): string {
  return show(entryObject(entry))
}

export function releasedJson({ results, counts }: Released): string {
  return show({
    counts,
    results: results.map((result) =>
      'at' in result ? { ...result, at: formatInstant(result.at) } : { ...result, isNew: false },
    ),
  })
}

function entryObject({ firstSeenAt, lastSeenAt, lastAttempt, ...entry }: QuarantineEntry): object {
  return {
    ...entry,
    state: isReleased({ lastAttempt }) ? 'released' : 'open',
    firstSeenAt: formatInstant(firstSeenAt),
    lastSeenAt: formatInstant(lastSeenAt),
    ...(lastAttempt === undefined ? {} : { lastAttempt: { ...lastAttempt, at: formatInstant(lastAttempt.at) } }),
  }
}
