import { EventsDetached, type Ledger } from '@catena/ledger'
import type { AccessReader } from '@catena/projections'

/** How far answers are behind the ledger. */
export interface ProjectionDelay {
  readonly positions: number
  /** Since when the oldest event that answers do not contain is in the ledger; 0 where they contain all, undefined where it is detached. */
  readonly ms: number | undefined
  /** What has to be attached before answers can contain it. */
  readonly detached?: EventsDetached
}

export async function projectionDelay(
  ledger: Pick<Ledger, 'head' | 'readAt'>,
  reader: Pick<AccessReader, 'projectedPosition'>,
  now: number,
): Promise<ProjectionDelay> {
  // The position first, so that what arrives meanwhile cannot look like a negative delay.
  const position = await reader.projectedPosition()
  const positions = (await ledger.head()) - position
  if (positions <= 0) return { positions: 0, ms: 0 }
  try {
    const [oldest] = await ledger.readAt([position + 1])
    return { positions, ms: Math.max(0, now - (oldest?.recordedAt ?? now)) }
  } catch (error) {
    if (!(error instanceof EventsDetached)) throw error
    return { positions, ms: undefined, detached: error }
  }
}
