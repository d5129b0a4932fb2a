import { deriveCallerKeys, openCallers, type Callers } from '@catena/callers'
import { connectorFor } from '@catena/connectors'
import type { SourceInstance } from '@catena/domain'
import { deriveIntakeKeys } from '@catena/ingest'
import type { PostgresLedger } from '@catena/ledger'
import { ACCESS_DEFAULTS, readSettings, systemClock } from '@catena/platform'
import type { Instance } from '@catena/runtime'
import { identifyTestCaller } from '@catena/testing'
import type pg from 'pg'

interface Surroundings {
  readonly databaseUrl: string
  readonly ledger: PostgresLedger
  readonly sources: readonly SourceInstance[]
}

/** An instance on a database of a test, with keys that stay the same; whoever opened database and ledger closes them. */
export function instanceOn({ databaseUrl, ledger, sources }: Surroundings): Instance {
  return {
    settings: readSettings({}),
    databaseUrl,
    ownerUrl: databaseUrl,
    rolesByHand: undefined,
    configuration: { file: undefined, sources, walk: {}, webhookSecrets: new Map() },
    interpretation: { sources, connectorFor },
    ledger,
    keys: deriveIntakeKeys(Buffer.alloc(32, 7)),
    callerKeys: deriveCallerKeys(Buffer.alloc(32, 7)),
    keyFor: (use) => Buffer.alloc(32, use),
    close: () => Promise.resolve(),
  }
}

/** Callers are who their headers say (`asRole`, `asCaller`). */
export function testCallersOf({ ledger, callerKeys }: Instance, pool: pg.Pool, access = ACCESS_DEFAULTS): Callers {
  const opened = openCallers({
    pool,
    streams: ledger,
    keys: callerKeys,
    clock: systemClock,
    access,
    env: {},
    localToken: undefined,
  })
  return { ...opened, identify: identifyTestCaller }
}
