import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { availableParallelism, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { connect, readSettings } from '@catena/platform'
import { openInstance, type Instance } from '@catena/runtime'
import type pg from 'pg'
import { Emmett } from './ledger/emmett.js'
import { contenderFigures, ratioTo, type ContenderFigures, type Ratio } from './ledger/figures.js'
import { Meter } from './ledger/meter.js'
import { Ours } from './ledger/ours.js'
import { PrismaInsert } from './ledger/prisma-insert.js'
import { freshRecords, recordedPattern, smallPattern, type Pattern } from './ledger/records.js'
import { BATCH_SIZES, runRounds, type Field, type Round } from './ledger/rounds.js'
import { SameRowCopy } from './ledger/same-row-copy.js'

/** A difference under 20 % wants at least 30 pairs. */
export const PAIRS = 30
export const SLOW_ROUNDS = 5
/** Server settings that decide over these figures; the same server serves all. */
const SETTINGS_SHOWN = [
  'server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'wal_compression', 'wal_level', 'shared_buffers',
  'max_wal_size', 'checkpoint_timeout', 'data_checksums',
] // prettier-ignore

export interface LedgerOptions {
  readonly pairs: number
  readonly slowRounds: number
  readonly withEmmett: boolean
}

export interface PatternFigures {
  readonly payload: string
  readonly payloadBytes: number
  readonly batchSizes: readonly number[]
  readonly emmettBatchSize: number | null
  readonly ledger: ContenderFigures
  readonly sameRowCopy: ContenderFigures
  readonly emmett: ContenderFigures | null
  readonly prisma: ContenderFigures
  readonly ratios: { sameRowCopy: Ratio; emmett: Ratio | null; prisma: Ratio }
  readonly sameRowCopyByBatchSize: Readonly<Record<number, Ratio>>
}

/** The ledger's speed as a multiple of the other's: medians over the rounds of one payload. */
interface Speeds {
  readonly vsSameRowCopy: number
  readonly vsEmmett: number | null
  readonly vsPrisma: number
}

/** The speeds are those for the typical payload: records of the recording as the ingest stores them. */
export interface LedgerFigures extends Speeds {
  /** The same for the small, invented payload. */
  readonly small: Speeds
  readonly machine: { readonly cpus: number; readonly memoryGigabytes: number; readonly node: string }
  readonly settings: Readonly<Record<string, string>>
  readonly payloads: readonly PatternFigures[]
}

/** The ledger's appends against the ways in which somebody else would write the same events, in one run on one server. */
export async function benchLedger(options: LedgerOptions): Promise<LedgerFigures> {
  let settings: Record<string, string> = {}
  const measure = (pattern: Pattern): Promise<PatternFigures> =>
    onEmptyInstance(async (instance, admin) => {
      settings = await serverSettings(admin)
      return benchPattern(pattern, options, instance, admin)
    })
  const recorded = await recordedPattern()
  const typical = await measure(recorded)
  const small = await measure(smallPattern(recorded))
  return {
    ...speedsOf(typical),
    small: speedsOf(small),
    machine: { cpus: availableParallelism(), memoryGigabytes: Math.round(totalmem() / 2 ** 30), node: process.version },
    settings,
    payloads: [typical, small],
  }
}

function speedsOf({ ratios }: PatternFigures): Speeds {
  return {
    vsSameRowCopy: ratios.sameRowCopy.median,
    vsEmmett: ratios.emmett?.median ?? null,
    vsPrisma: ratios.prisma.median,
  }
}

async function benchPattern(
  pattern: Pattern,
  { pairs, slowRounds, withEmmett }: LedgerOptions,
  { databaseUrl, ownerUrl }: Instance,
  admin: pg.Client,
): Promise<PatternFigures> {
  const field: Field = {
    ours: new Ours(databaseUrl, admin),
    copy: await SameRowCopy.open(ownerUrl),
    emmett: withEmmett ? await Emmett.open(ownerUrl, admin) : undefined,
    prisma: await PrismaInsert.open(ownerUrl, admin),
  }
  try {
    const fresh = (count: number) => freshRecords(pattern, count)
    const { rounds, emmettBatchSize } = await runRounds(field, {
      pairs,
      slowRounds,
      fresh,
      meter: await Meter.open(admin),
    })
    return await figuresOf(pattern, field, rounds, emmettBatchSize)
  } finally {
    for (const contender of Object.values(field)) await (contender as Ours | undefined)?.close()
  }
}

async function figuresOf(
  pattern: Pattern,
  field: Field,
  rounds: readonly Round[],
  emmettBatchSize: number | undefined,
): Promise<PatternFigures> {
  const costsOf = (name: keyof Field) => rounds.flatMap((round) => round[name] ?? [])
  const [sameRowCopy, prisma] = [ratioTo('copy', rounds), ratioTo('prisma', rounds)]
  if (sameRowCopy === undefined || prisma === undefined) throw new Error('no round was run: ask for at least one')
  const bySize = BATCH_SIZES.map((size) => [
    size,
    ratioTo(
      'copy',
      rounds.filter(({ batchSize }) => batchSize === size),
    ),
  ])
  return {
    payload: pattern.name,
    payloadBytes: pattern.payloadBytes,
    batchSizes: BATCH_SIZES,
    emmettBatchSize: emmettBatchSize ?? null,
    ledger: await contenderFigures(field.ours, costsOf('ours')),
    sameRowCopy: await contenderFigures(field.copy, costsOf('copy')),
    emmett: field.emmett ? await contenderFigures(field.emmett, costsOf('emmett')) : null,
    prisma: await contenderFigures(field.prisma, costsOf('prisma')),
    ratios: { sameRowCopy, emmett: ratioTo('emmett', rounds) ?? null, prisma },
    sameRowCopyByBatchSize: Object.fromEntries(bySize) as Record<number, Ratio>,
  }
}

/** Migrated, with the roles of production, and without anybody who projects meanwhile. */
async function onEmptyInstance<T>(work: (instance: Instance, admin: pg.Client) => Promise<T>): Promise<T> {
  const folder = join(tmpdir(), `catena-bench-${randomUUID()}`)
  const configuration = { file: undefined, sources: [], walk: {}, webhookSecrets: new Map() }
  try {
    const instance = await openInstance(readSettings({ CATENA_DATA: folder }), {}, { configuration })
    try {
      const admin = await connect(instance.ownerUrl, { applicationName: 'catena-bench', statementTimeoutMs: 0 })
      return await work(instance, admin).finally(() => admin.end())
    } finally {
      await instance.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function serverSettings(admin: pg.Client): Promise<Record<string, string>> {
  const { rows } = await admin.query<{ name: string; setting: string }>(
    'SELECT name, current_setting(name) AS setting FROM pg_settings WHERE name = ANY($1) ORDER BY name',
    [SETTINGS_SHOWN],
  )
  return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))
}
