import { summariesWithNamed, type AccessSummary as Summed } from '@catena/governance'
import { cutAt } from '@catena/ledger'
import { credentialsAfter, validUs, type AccessReader } from '@catena/projections'
import type { AccessRow, AccessSummary, KnownAccess, SourceCompleteness, SummaryCut } from '@catena/recertification'
import type pg from 'pg'
import { interpretationVersion } from '../access.js'
import type { Instance } from '../instance.js'
import { accessRowsOf } from './access-rows.js'
import { completenessOf } from './completeness.js'
import { knownAccesses } from './known-accesses.js'
import { slotsOf, type Reads, type Slot } from './slots.js'
import { inTurn, withSnapshot, type Snapshot } from './snapshot.js'
import { readSurroundings } from './surroundings.js'
import { judgedNow, recordedAt, type VerdictsOf } from './verdicts.js'
import { walkedSummaries } from './walked-rows.js'

/** Credentials read at once. */
const PAGE = 1_000
/** Raised when the same cut gives other rows. */
const VERSION = 6

type Source = Pick<Instance, 'ledger' | 'configuration' | 'interpretation' | 'databaseUrl'>

/** Where rows are read from: the summaries of many credentials at once, and what was decided about them. */
interface Reading {
  readonly reads: pg.Pool | pg.ClientBase
  summaries(ids: readonly string[]): Promise<ReadonlyMap<string, readonly Summed[]>>
  readonly verdictsOf: VerdictsOf
}

/**
 * Accesses as known at a cut. At the cut that a snapshot holds they come from the materialised summaries; at any other every retrieval is
 * walked. Both give the same rows.
 */
export class IndexedAccessSummary implements AccessSummary {
  readonly version: string

  constructor(
    private readonly reader: AccessReader,
    private readonly source: Source,
    private readonly now: () => number,
    private readonly snapshot?: Snapshot,
  ) {
    this.version = `access-rows-${VERSION} ${interpretationVersion(source)}`
  }

  get isPrepared(): boolean {
    return this.snapshot !== undefined
  }

  newest(): Promise<number> {
    return this.reader.projectedPosition()
  }

  pinned<T>(work: (summary: AccessSummary, position: number) => Promise<T>): Promise<T> {
    const { pool } = this.reader
    return inTurn(pool, () => withSnapshot(pool, () => this.newest(), async (snapshot) => {
      if (snapshot === undefined) return work(this, await this.newest())
      return work(new IndexedAccessSummary(this.reader, this.source, this.now, snapshot), snapshot.position)
    })) // prettier-ignore
  }

  async *rows(cut: SummaryCut): AsyncGenerator<AccessRow> {
    const reading = await this.readingAt(cut)
    let next = page(reading, cut, undefined)
    for (;;) {
      const { rows, last } = await next
      // The next page is read while this one is worked on; who stops early is not told of its failure.
      if (last !== undefined) next = page(reading, cut, last)
      next.catch(() => undefined)
      yield* rows
      if (last === undefined) return
    }
  }

  async rowsOf(credentials: readonly string[], cut: SummaryCut): Promise<AccessRow[]> {
    const reading = await this.readingAt(cut)
    return rowsOfSlots(reading, cut, await slotsOf(reading.reads, cut, credentials))
  }

  async changedSince(position: number): Promise<string[]> {
    const { rows } = await (this.snapshot?.client ?? this.reader.pool).query<{ credential: string }>(
      `SELECT replace(credential::text, '-', '') AS credential FROM governance.changed_credential WHERE position > $1 ORDER BY 1`,
      [position],
    )
    return rows.map(({ credential }) => credential)
  }

  knownBy(credentials: readonly string[], position: number): Promise<ReadonlyMap<string, KnownAccess>> {
    return knownAccesses(this.snapshot?.client ?? this.reader.pool, credentials, position)
  }

  completeness(cut: SummaryCut): Promise<SourceCompleteness[]> {
    return completenessOf(this.source, this.reader.index(cut), this.now())
  }

  private async readingAt(cut: SummaryCut): Promise<Reading> {
    const { snapshot, reader } = this
    const { ledger } = this.source
    if (snapshot?.position === cut.position && !(await reachesPast(snapshot.client, cut))) {
      const { client } = snapshot
      const verdictsOf = await judgedNow(client, ledger, cut.position)
      return { reads: client, summaries: (ids) => summariesWithNamed(client, ids), verdictsOf }
    }
    const asOf = { ...cut, cut: cutAt(cut.position) }
    const summaries = async (ids: readonly string[]): Promise<Map<string, Summed[]>> => {
      const found = new Map<string, Summed[]>()
      for (const id of ids) found.set(id, await walkedSummaries(reader, asOf, id))
      return found
    }
    return { reads: reader.pool, summaries, verdictsOf: recordedAt(ledger, cut.position) }
  }
}

/** Does anything bear a time behind the cut's? The summaries count it, and the cut does not. */
async function reachesPast(reads: Reads, cut: SummaryCut): Promise<boolean> {
  if (cut.validAt === undefined) return false
  const { rows } = await reads.query('SELECT 1 FROM access_fact WHERE retrieval AND occurred_us > $1 LIMIT 1', [validUs(cut)])
  return rows.length > 0
} // prettier-ignore

async function page(reading: Reading, cut: SummaryCut, after: string | undefined): Promise<{ rows: AccessRow[]; last: string | undefined }> {
  const slots = await credentialsAfter(reading.reads, cut, after, PAGE)
  const rows = await rowsOfSlots(reading, cut, slots)
  return { rows, last: slots.length < PAGE ? undefined : slots.at(-1)?.id }
} // prettier-ignore

async function rowsOfSlots(reading: Reading, cut: SummaryCut, slots: readonly Slot[]): Promise<AccessRow[]> {
  if (slots.length === 0) return []
  const ids = slots.map(({ id }) => id)
  const summaries = await reading.summaries(ids)
  const around = await readSurroundings(reading.reads, reading.verdictsOf, cut, ids)
  return slots.flatMap((slot) => accessRowsOf(slot, summaries.get(slot.id) ?? [], around(slot.id), cut.validAt ?? Infinity))
} // prettier-ignore
