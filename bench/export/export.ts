import { benchFormats, type FormatFigures } from './formats.js'
import { benchOutage, type OutageFigures } from './outage.js'
import { benchWays, type WayFigures } from './ways.js'

export const OUTAGE_PAIRS = 30

export interface ExportOptions {
  readonly events: number
  /** Only this: what a receiver that hangs costs the others, over so many interleaved pairs. */
  readonly outagePairs: number | undefined
}

export async function benchExport({ events, outagePairs }: ExportOptions): Promise<(FormatFigures & WayFigures) | OutageFigures> {
  if (outagePairs !== undefined) return benchOutage(outagePairs)
  return { ...(await benchFormats(events)), ...(await benchWays(events)) }
} // prettier-ignore
