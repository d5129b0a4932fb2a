import { formatInstant, type Instant, type SourceInstance } from '@catena/domain'
import { LOST_TOGETHER_MS } from '@catena/access-chain'
import { sourceHealth, type IntakeCounts } from '@catena/ledger'
import type { LostHour } from '@catena/projections'
import { draftOfObservation } from './draft-of-observation.js'
import type { FeedDraft } from './event.js'

/** Each gap once that records are which no connector could read: whatever else comes to an hour, the hour is told. */
export function draftsOfLost(lost: readonly Pick<LostHour, 'source' | 'from'>[]): FeedDraft[] {
  return lost.map(({ source, from }) => {
    const [start, end] = [formatInstant(from), formatInstant(from + LOST_TOGETHER_MS)]
    return draftOfObservation({
      id: `not-interpreted:${source}:${start}`,
      kind: 'records-not-interpreted',
      at: from,
      source,
      summary: `records of ${source} between ${start} and ${end} could not be interpreted: what they tell is unknown, \`catena sources\` says of which type they are`,
      entity: { type: 'source', id: source, name: source },
      details: { from: start, to: end },
    })
  })
}

/** What is to be told of the sources: each silence once, by the moment it began, and each declared gap once. */
export function draftsOfSources(
  sources: readonly SourceInstance[],
  counts: readonly IntakeCounts[],
  now: Instant,
): FeedDraft[] {
  return sources.flatMap((source) => [...silence(source, counts, now), ...source.gaps.map((gap) => draftOfGap(source, gap))]) // prettier-ignore
}

function silence(source: SourceInstance, counts: readonly IntakeCounts[], now: Instant): FeedDraft[] {
  const own = counts.filter((count) => count.source === source.id)
  const { status, heardAt } = sourceHealth(source, own, now)
  if (status !== 'silent' || heardAt === undefined) return []
  const since = formatInstant(heardAt)
  return [
    draftOfObservation({
      id: `silence:${source.id}:${since}`,
      kind: 'source-silent',
      at: heardAt,
      source: source.id,
      summary: `nothing was heard of ${source.id} since ${since}: what happened there since is unknown`,
      entity: { type: 'source', id: source.id, name: source.id },
      details: { heardAt: since, heartbeatSeconds: String(source.heartbeatSeconds ?? '') },
    }),
  ]
}

function draftOfGap(source: SourceInstance, { from, to }: SourceInstance['gaps'][number]): FeedDraft {
  const [start, end] = [formatInstant(from), formatInstant(to)]
  return draftOfObservation({
    id: `gap:${source.id}:${start}/${end}`,
    kind: 'gap-declared',
    at: from,
    source: source.id,
    summary: `records of ${source.id} from ${start} to ${end} are declared lost: nothing is proven absent in that time`,
    entity: { type: 'source', id: source.id, name: source.id },
    details: { from: start, to: end },
  })
}
