import { WakeSignal } from '@catena/platform'
import { FEED_CHANNEL } from './feed-table.js'

/** Wakes whoever waits for the feed to grow. */
export function feedSignal(databaseUrl: string): WakeSignal {
  return new WakeSignal({ databaseUrl, channel: FEED_CHANNEL, applicationName: 'catena-feed-listen', pollMs: 500 })
}
