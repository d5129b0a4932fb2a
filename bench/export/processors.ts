import { readdir, readFile } from 'node:fs/promises'
import type pg from 'pg'
import { round } from '../ledger/figures.js'

/** Processors that a part was on, and those that it waited for while others were on them; 1 is one of them all the time. */
export interface Share {
  readonly on: number
  readonly waited: number
}

/** Since a thread began, ns. */
interface Spent {
  readonly part: string
  readonly onNs: number
  readonly waitedNs: number
}

export interface ProcessorsUsed {
  /** What each part took since the beginning, largest first. */
  shares(): Promise<Readonly<Record<string, Share>>>
}

/** Shares smaller than this are summed up as `rest`. */
const SHARE_MIN = 0.01

/**
 * By the accounts of Linux (empty elsewhere): threads of this process, other processes by name, and the server's processes by the name of their
 * connection. Of this process's threads the one that gives way is that of summaries and verdicts, and of the others beside the main one the
 * busiest is taken for that of feed and senders.
 */
export async function meterProcessors(pool: pg.Pool, others: Readonly<Record<string, number>>): Promise<ProcessorsUsed> {
  const [begun, before] = [process.hrtime.bigint(), await spent(pool, others)]
  return {
    shares: async () => {
      const [now, tookNs] = [await spent(pool, others), Number(process.hrtime.bigint() - begun)]
      return sharesOf(before, now, tookNs)
    },
  }
} // prettier-ignore

function sharesOf(before: ReadonlyMap<string, Spent>, now: ReadonlyMap<string, Spent>, tookNs: number): Readonly<Record<string, Share>> {
  const grown = [...now].map(([thread, { part, onNs, waitedNs }]) => {
    const stood = before.get(thread)
    return { part, onNs: onNs - (stood?.onNs ?? 0), waitedNs: waitedNs - (stood?.waitedNs ?? 0) }
  })
  const feed = grown.filter(({ part }) => part === OTHER_THREAD).sort((a, b) => b.onNs - a.onNs)[0]
  const sums = new Map<string, { onNs: number; waitedNs: number }>()
  for (const one of grown) {
    const part = one === feed ? 'catena: feed and senders' : one.onNs < SHARE_MIN * tookNs ? 'rest' : one.part
    const sum = sums.get(part) ?? { onNs: 0, waitedNs: 0 }
    sums.set(part, { onNs: sum.onNs + one.onNs, waitedNs: sum.waitedNs + one.waitedNs })
  }
  const sorted = [...sums].sort(([, a], [, b]) => b.onNs - a.onNs)
  return Object.fromEntries(sorted.map(([part, sum]) => [part, { on: round(sum.onNs / tookNs, 2), waited: round(sum.waitedNs / tookNs, 2) }]))
} // prettier-ignore

const OTHER_THREAD = 'catena: collecting and compiling'

async function spent(pool: pg.Pool, others: Readonly<Record<string, number>>): Promise<Map<string, Spent>> {
  if (process.platform !== 'linux') return new Map()
  const { rows } = await pool.query<{ pid: number; part: string }>(
    `SELECT pid, 'server: ' || coalesce(nullif(application_name, ''), backend_type) AS part FROM pg_stat_activity`,
  )
  const all = [
    ...(await threadsOf(process.pid, ownPart)),
    ...(await Promise.all(Object.entries(others).map(([part, pid]) => threadsOf(pid, () => part)))).flat(),
    ...(await Promise.all(rows.map(({ pid, part }) => threadsOf(pid, () => part)))).flat(),
  ]
  return new Map(all)
}

function ownPart(thread: number, nice: number): string {
  if (thread === process.pid) return 'catena: door, index and answers'
  return nice > 0 ? 'catena: summaries and verdicts' : OTHER_THREAD
}

/** A process that has ended meanwhile has none. */
async function threadsOf(pid: number, partOf: (thread: number, nice: number) => string): Promise<[string, Spent][]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => [])
  const read = threads.map(async (thread): Promise<[string, Spent]> => {
    const folder = `/proc/${pid}/task/${thread}`
    const [accounts, stat] = await Promise.all([readFile(`${folder}/schedstat`, 'utf8'), readFile(`${folder}/stat`, 'utf8')]) // prettier-ignore
    const [onNs = 0, waitedNs = 0] = accounts.split(' ').map(Number)
    // Behind the name, which may hold anything: the nineteenth field of the line (proc(5)).
    const nice = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16])
    return [`${pid}/${thread}`, { part: partOf(Number(thread), nice), onNs, waitedNs }]
  })
  const found = await Promise.allSettled(read)
  return found.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
}
