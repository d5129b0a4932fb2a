import type { DetachedRange } from '@catena/ledger'
import type { StateHash } from '../state-hash.js'

/** One rebuild of a projection at a time. */
export class RebuildUnderWay extends Error {
  constructor(readonly projection: string) {
    super(
      `${projection} is being rebuilt already: wait for that rebuild to end, or end its process; the old version serves meanwhile`,
    )
    this.name = 'RebuildUnderWay'
  }
}

/** A rebuild reads every record, and some stand in files. The version that serves stays as it is. */
export class RebuildNeedsArchives extends Error {
  constructor(
    readonly projection: string,
    readonly ranges: readonly DetachedRange[],
  ) {
    const files = ranges.map(({ file, first, last }) => `${file} (events ${first} to ${last})`).join(', ')
    super(
      `${projection} cannot be rebuilt without its archived records: attach ${files}, then rebuild; the old version serves meanwhile`,
    )
    this.name = 'RebuildNeedsArchives'
  }
}

/** The same version over the same records came out differently, so one of the two is wrong. Nothing was switched. */
export class RebuildDiffers extends Error {
  constructor(
    readonly projection: string,
    readonly position: number,
    readonly serving: StateHash,
    readonly rebuilt: StateHash,
  ) {
    super(
      `${projection} as rebuilt differs from what serves, both at position ${position}: ${tablesThatDiffer(serving, rebuilt)}. ` +
        'Nothing was switched. After an erasure that is expected; otherwise compare them with `catena verify --read-models all`. ' +
        '--accept-difference switches all the same',
    )
    this.name = 'RebuildDiffers'
  }
}

/** Somebody read the old tables for all of the time that the switch waited. */
export class SwitchBlocked extends Error {
  constructor(
    readonly projection: string,
    readonly sessions: readonly string[],
  ) {
    super(
      `${projection} was rebuilt but not switched: sessions that hold its tables did not end (${sessions.join(', ') || 'unknown'}). End them, then rebuild again`,
    )
    this.name = 'SwitchBlocked'
  }
}

/** The tables that serve were altered while others were built in their old shape. */
export class LayoutChanged extends Error {
  constructor(readonly projection: string) {
    super(`the tables of ${projection} were migrated while it was rebuilt: rebuild again`)
    this.name = 'LayoutChanged'
  }
}

function tablesThatDiffer(serving: StateHash, rebuilt: StateHash): string {
  return rebuilt.tables
    .flatMap(({ table, rows, hash }) => {
      const old = serving.tables.find((each) => each.table === table)
      if (old?.hash === hash) return []
      return [`${table} (${old?.rows ?? 0} rows, rebuilt ${rows})`]
    })
    .join(', ')
}
