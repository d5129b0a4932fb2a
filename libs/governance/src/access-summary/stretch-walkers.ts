import type { AccessReader, KnownAsOf, Stretch } from '@catena/projections'
import { walkStretch, type WalkedStretch } from './walk-stretch.js'

/** Who walks the retrievals of stretches of time: this thread, or others beside it. */
export interface StretchWalkers {
  /** Stretches in work at once. */
  readonly lanes: number
  walk(asOf: KnownAsOf, stretch: Stretch): Promise<WalkedStretch>
}

/** Walkers for one time of use; `end` gives back what they hold. */
export interface OpenWalkers extends StretchWalkers {
  end(): Promise<void>
}

/** The server answers for one while another is walked. */
export const LANES_OF_A_THREAD = 3

export function walkHere(reader: AccessReader): StretchWalkers {
  return { lanes: LANES_OF_A_THREAD, walk: (asOf, stretch) => walkStretch(reader, asOf, stretch) }
}
