import type { Ledger } from '@catena/ledger'
import type pg from 'pg'
import type { Projection } from '../runner.js'
import type { JsonColumns } from '../state-hash.js'
import type { Loader, LoadSizes } from './load.js'

export type RebuildPhase = 'load' | 'index' | 'merge' | 'catch-up' | 'compare' | 'switch'

export interface RebuildProgress {
  readonly phase: RebuildPhase
  /** Of `load`, `merge` and `catch-up`: events. */
  readonly done: number
  readonly of: number
}

export interface RebuildOptions {
  /** Name of the projection, and of the schema of the generation that serves. */
  readonly name: string
  readonly schema: string
  /** Of the generation that is built. */
  readonly version: string
  readonly projection: Projection
  readonly loader: {
    /** Tables that are loaded by COPY alone. */
    readonly appended: readonly string[]
    readonly create: () => Loader
    /** Takes out what is not merged yet; returns the positions to fold once more. */
    readonly takeRepeated: (client: pg.Client) => Promise<number[]>
    /** Adds what can be told only of all together, inside a transaction. */
    readonly finish: (client: pg.Client) => Promise<void>
  }
  readonly json: JsonColumns
  readonly ledger: Ledger
  readonly databaseUrl: string
  /** Only the owner may make tables. */
  readonly ownerUrl: string
  readonly sizes: LoadSizes
  /** Switches even where the same version came out differently. */
  readonly acceptDifference?: boolean
  readonly onProgress?: (progress: RebuildProgress) => void
  /** Stops at the next step; the old generation serves on. */
  readonly signal?: AbortSignal
}
