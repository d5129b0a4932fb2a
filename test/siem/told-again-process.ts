import { WALK_DEFAULTS } from '@catena/access-chain'
import { connectorFor } from '@catena/connectors'
import type { SourceInstance } from '@catena/domain'
import { PostgresLedger } from '@catena/ledger'
import { createPool, systemClock } from '@catena/platform'
import { AccessReader } from '@catena/projections'
import { FeedWriter } from '@catena/siem'

/** What such a process is given. */
export interface FeedWork {
  readonly databaseUrl: string
  readonly sources: readonly SourceInstance[]
  readonly againFactsMax: number
}

/** A process of its own that leads the feed until it is ended. */
const { databaseUrl, sources, againFactsMax } = JSON.parse(process.argv[2] ?? '') as FeedWork
const ledger = new PostgresLedger({ databaseUrl })
const interpretation = { sources, connectorFor }
const pool = createPool(databaseUrl, { applicationName: 'spec-feed' })
const reader = new AccessReader(pool, ledger, interpretation, { ...WALK_DEFAULTS, sources })
const onError = (error: unknown): void => console.error(error)
new FeedWriter({ databaseUrl, ledger, reader, interpretation, againFactsMax, clock: systemClock, onError }).start()
