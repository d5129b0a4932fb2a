import type pg from 'pg'
import type { Finding } from './finding.js'

/** The counters of the ledger at one moment. */
export interface Accounts {
  readonly head: number
  /** Highest position stored; 0 when there is none. */
  readonly highest: number
  readonly intake: readonly SourceAccount[]
  readonly lanes: readonly LaneAccount[]
  readonly quarantine: readonly QuarantineAccount[]
  /** Records that releases from quarantine stored, by source. They were counted at intake as quarantined. */
  readonly released: readonly { readonly source: string; readonly stored: number }[]
}

export interface SourceAccount {
  readonly source: string
  readonly lane: string
  readonly read: number
  readonly stored: number
  readonly duplicates: number
  readonly quarantined: number
}

export interface LaneAccount {
  readonly lane: string
  readonly consumed: number
  readonly holes: number
}

export interface QuarantineAccount {
  readonly source: string
  readonly entries: number
}

/** One short transaction, so that the counters fit each other while appends go on. */
export async function readAccounts(pool: pg.Pool): Promise<Accounts> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const { rows } = await client.query<{ accounts: Accounts }>(ACCOUNTS)
    await client.query('COMMIT')
    return rows[0]?.accounts ?? { head: 0, highest: 0, intake: [], lanes: [], quarantine: [], released: [] }
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
}

const ACCOUNTS = `
SELECT json_build_object(
  'head', (SELECT position FROM ledger_head),
  'highest', coalesce((SELECT max(position) FROM event), 0),
  'intake', coalesce((SELECT json_agg(json_build_object('source', source, 'lane', lane, 'read', read, 'stored', stored,
    'duplicates', duplicates, 'quarantined', quarantined)) FROM intake), '[]'),
  'lanes', coalesce((SELECT json_agg(json_build_object('lane', lane, 'consumed', next - first, 'holes', holes)) FROM lane), '[]'),
  'quarantine', (SELECT coalesce(json_agg(row_to_json(counts)), '[]')
    FROM (SELECT source, count(*) AS entries FROM quarantine GROUP BY source) AS counts),
  'released', (SELECT coalesce(json_agg(row_to_json(counts)), '[]')
    FROM (SELECT source, count(*) AS stored FROM quarantine_release WHERE outcome = 'stored' GROUP BY source) AS counts)
) AS accounts`

/** Lanes whose offsets count records; those of files count bytes. */
export function countsOffsets(lane: string): boolean {
  return lane.startsWith('kafka:')
}

/**
 * The conservation law. Per source: read = stored + duplicates + quarantined, stored + released from quarantine = records in the
 * ledger, and quarantined = entries of the quarantine, released or not.
 * Per lane that counts offsets: consumed = stored + duplicates + quarantined + holes.
 */
export function checkAccounts(accounts: Accounts, recordsOf: ReadonlyMap<string, number>): Finding[] {
  return [...checkSources(accounts, recordsOf), ...checkQuarantine(accounts), ...checkLanes(accounts)]
}

function checkSources({ intake, released }: Accounts, recordsOf: ReadonlyMap<string, number>): Finding[] {
  const unbalanced = intake.filter((each) => each.read !== each.stored + each.duplicates + each.quarantined)
  const stored = new Map<string, number>([...recordsOf.keys()].map((source) => [source, 0]))
  for (const each of [...intake, ...released]) stored.set(each.source, (stored.get(each.source) ?? 0) + each.stored)
  const different = [...stored].filter(([source, count]) => count !== (recordsOf.get(source) ?? 0))
  return [
    ...unbalanced.map(({ source, lane, read, stored, duplicates, quarantined }) =>
      intakeFinding(`${source} in ${lane}: ${read} read, ${stored} + ${duplicates} + ${quarantined} accounted for`),
    ),
    ...different.map(([source, count]) =>
      intakeFinding(`${source}: ${count} counted as stored or released, ${recordsOf.get(source) ?? 0} in the ledger`),
    ),
  ]
}

function checkQuarantine({ intake, quarantine }: Accounts): Finding[] {
  const counted = new Map<string, number>(quarantine.map(({ source }) => [source, 0]))
  for (const each of intake) counted.set(each.source, (counted.get(each.source) ?? 0) + each.quarantined)
  const entriesOf = new Map(quarantine.map(({ source, entries }) => [source, entries]))
  return [...counted]
    .filter(([source, count]) => count !== (entriesOf.get(source) ?? 0))
    .map(([source, count]) =>
      intakeFinding(`${source}: ${count} counted as quarantined, ${entriesOf.get(source) ?? 0} in quarantine`),
    )
}

function checkLanes({ intake, lanes }: Accounts): Finding[] {
  return lanes
    .filter(({ lane }) => countsOffsets(lane))
    .flatMap(({ lane, consumed, holes }) => {
      const read = intake.filter((each) => each.lane === lane).reduce((sum, each) => sum + each.read, 0)
      if (consumed === read + holes) return []
      const detail = `${lane}: ${consumed} offsets consumed, ${read} records read and ${holes} holes`
      return [{ kind: 'lane-unbalanced', detail }]
    })
}

function intakeFinding(detail: string): Finding {
  return { kind: 'intake-unbalanced', detail }
}
