import { benchCommitDelay, type CommitDelay } from './commit-delay.js'
import { benchFormats, type FormatFigures } from './formats.js'
import type { Origin } from './load.js'
import { benchOutage, type OutageFigures } from './outage.js'
import { benchWays, type Way, type WayFigures } from './ways.js'

export const OUTAGE_PAIRS = 30

export interface ExportOptions {
  readonly events: number
  /** Only this: what a receiver that hangs costs the others, over so many interleaved pairs. */
  readonly outagePairs: number | undefined
  /** Only this: the delay from door to receiver at so many records a second. */
  readonly delayAt: number | undefined
  /** Whose records those are. */
  readonly of: Origin
  /** Only this way out, beside the formats. */
  readonly way: Way | undefined
}

/** Records a second that are shipped while the delay is measured: 500, 1,000 and 2,000 events, of which a Vault record gives about a half. */
const RATES = [1_025, 2_050, 4_100]
const DELAY_S = 8

type Figures = FormatFigures & WayFigures & { readonly fromCommit?: readonly CommitDelay[] }

export async function benchExport(options: ExportOptions): Promise<Figures | OutageFigures | CommitDelay> {
  const { events, outagePairs, delayAt, way, of } = options
  if (outagePairs !== undefined) return benchOutage(outagePairs)
  if (delayAt !== undefined) return benchCommitDelay(delayAt, DELAY_S, of)
  if (way !== undefined) return { ...(await benchFormats(events)), ...(await benchWays(events, [way])) }
  const [formats, ways] = [await benchFormats(events), await benchWays(events)]
  const fromCommit: CommitDelay[] = []
  for (const rate of RATES) fromCommit.push(await benchCommitDelay(rate, DELAY_S, 'vault'))
  return { ...formats, ...ways, fromCommit }
}
