import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type pg from 'pg'

/** Ticks of /proc a second; the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100

/** What one run cost. Per event, but for its rate. */
export interface Cost {
  readonly eventsPerSecond: number
  /** Processor time of this process, µs. */
  readonly ownCpuMicros: number
  /** Processor time of all processes of the server, µs; undefined where there is no /proc. */
  readonly serverCpuMicros: number | undefined
  readonly walBytes: number
}

/** Measures work against one server: the clock, both sides' processor time and the write-ahead log. */
export class Meter {
  private constructor(
    private readonly client: pg.Client,
    private readonly postmaster: number | undefined,
  ) {}

  static async open(client: pg.Client): Promise<Meter> {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    const backend = rows[0]?.pid ?? 0
    return new Meter(client, existsSync(`/proc/${backend}/stat`) ? statOf(backend)?.parent : undefined)
  }

  async measure(events: number, work: () => Promise<void>): Promise<Cost> {
    const [wal, server, own] = [await this.walBytes(), this.serverMicros(), process.cpuUsage()]
    const start = performance.now()
    await work()
    const elapsedMs = performance.now() - start
    const spent = process.cpuUsage(own)
    const serverSpent = server === undefined ? undefined : (this.serverMicros() ?? 0) - server
    return {
      eventsPerSecond: (events * 1000) / elapsedMs,
      ownCpuMicros: (spent.user + spent.system) / events,
      serverCpuMicros: serverSpent === undefined ? undefined : serverSpent / events,
      walBytes: ((await this.walBytes()) - wal) / events,
    }
  }

  private async walBytes(): Promise<number> {
    const { rows } = await this.client.query<{ bytes: string }>(
      `SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') AS bytes`,
    )
    return Number(rows[0]?.bytes)
  }

  /** Of all living processes of the server, and of those that ended. */
  private serverMicros(): number | undefined {
    if (this.postmaster === undefined) return undefined
    const children = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => statOf(Number(name)))
      .filter((stat) => stat?.parent === this.postmaster)
    const ticks = children.reduce((sum, stat) => sum + (stat?.ownTicks ?? 0), 0)
    const postmaster = statOf(this.postmaster)
    return ((ticks + (postmaster?.ownTicks ?? 0) + (postmaster?.endedTicks ?? 0)) / TICKS_PER_SECOND) * 1e6
  }
}

/** Fields of /proc/<pid>/stat (proc(5)): 4 parent, 14 and 15 own time, 16 and 17 that of children that ended. */
function statOf(pid: number): { parent: number; ownTicks: number; endedTicks: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name, field 2, is in brackets and may hold anything.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const field = (number: number): number => fields[number - 3] ?? 0
    return { parent: field(4), ownTicks: field(14) + field(15), endedTicks: field(16) + field(17) }
  } catch {
    return undefined
  }
}

/** Bytes of the named relations with their partitions, indexes and TOAST. */
export async function relationBytes(client: pg.Client, relations: readonly string[]): Promise<number> {
  const { rows } = await client.query<{ bytes: string }>(
    `SELECT sum(pg_total_relation_size(coalesce(tree.relid, root))) AS bytes
     FROM unnest($1::regclass[]) AS root LEFT JOIN LATERAL pg_partition_tree(root) AS tree ON true`,
    [relations],
  )
  return Number(rows[0]?.bytes)
}
