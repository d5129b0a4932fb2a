import { formatInstant, type Instant } from '@catena/domain'
import type { SourceCompleteness } from '../ports/access-summary.js'

/** How complete the records were that a population was read from. Says itself what is missing. */
export interface CompletenessCertificate {
  readonly position: number
  readonly at: Instant
  readonly sources: readonly SourceCompleteness[]
  /** Sources that are late, silent or have gaps, in percent, rounded up: 0 only where there is none. 100 where there are no sources: nothing is known then. */
  readonly incompletePercent: number
  readonly caveats: readonly string[]
}

export function certify(position: number, at: Instant, sources: readonly SourceCompleteness[]): CompletenessCertificate {
  const caveats = sources.length === 0 ? ['no source is connected'] : sources.flatMap(caveatsOf)
  const incomplete = sources.filter((source) => caveatsOf(source).length > 0).length
  const incompletePercent = sources.length === 0 ? 100 : Math.ceil((100 * incomplete) / sources.length)
  return { position, at, sources, incompletePercent, caveats }
} // prettier-ignore

function caveatsOf({ source, isLate, lastHeardAt, gaps, quarantined }: SourceCompleteness): string[] {
  const heard = lastHeardAt === undefined ? 'never' : `last at ${formatInstant(lastHeardAt)}`
  return [
    ...(lastHeardAt === undefined || isLate ? [`${source} was heard ${heard}`] : []),
    ...gaps.map(({ from, to }) => `${source} has a gap from ${formatInstant(from)} to ${formatInstant(to)}`),
    ...(quarantined > 0 ? [`${source} has ${quarantined} records in quarantine`] : []),
  ]
}
