import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectorFor } from '@catena/connectors'
import { ingestFile } from '@catena/ingest'
import { createPool, readSettings, systemClock } from '@catena/platform'
import { ExportDesk, readFeedHead } from '@catena/siem'
import { openRecording } from '@catena/testing'
import type pg from 'pg'
import { startAll, type Running } from '../../apps/cli/src/up.js'
import { round } from '../ledger/figures.js'
import { RecordMultiplier } from '../multiply.js'
import { delaysOf, type Delays, type Handed } from './stages.js'
import { startReceiver } from './start-receiver.js'

const PIECE_MS = 50
const WARM_UP_S = 15

export interface CommitDelay extends Delays {
  readonly askedPerSecond: number
  /** Taken in; less than asked for where the door was not through with a piece when the next was due. */
  readonly recordsPerSecond: number
  /** Of all threads of this process, what makes the records included; and how long its main thread kept everybody waiting. */
  readonly process: { readonly cores: number; readonly blockedP99Ms: number }
  /** What was left for later when the last record was handed over: entries of the ledger not yet summed up, credentials not yet judged anew. */
  readonly behind: { readonly entries: number; readonly credentials: number }
}

/**
 * From the moment that a record is handed to the ledger's door to the arrival of what it made known, over TLS in another process: commit,
 * access index, chains, feed and sender of `npm start`, with the settings that it has.
 */
export async function benchCommitDelay(perSecond: number, seconds: number): Promise<CommitDelay> {
  const folder = join(tmpdir(), `catena-bench-commit-${process.pid}`)
  const env = { CATENA_DATA: folder, CATENA_PORT: '0', LOG_LEVEL: 'silent' }
  const { sources } = await openRecording()
  const running = await startAll(readSettings(env), env, { file: undefined, sources, walk: {}, webhookSecrets: new Map() })
  const pool = createPool(running.instance.databaseUrl, { applicationName: 'catena-bench', max: 2 })
  const receiver = await startReceiver()
  try {
    const desk = new ExportDesk({ streams: running.instance.ledger, pool, clock: systemClock, sources: [], env, connectKafka: undefined }) // prettier-ignore
    await desk.add({ id: 'live', kind: 'syslog', format: 'ocsf', target: receiver.target }, { actor: 'bench', at: Date.now() }) // prettier-ignore
    const feeding = await startFeeding(running, perSecond)
    await feeding.during(WARM_UP_S)
    const from = await running.instance.ledger.head()
    const { fed, tookS, used } = await metered(() => feeding.during(seconds))
    const behind = await leftOf(pool)
    const handed = await Promise.all(fed.pieces)
    await drained(desk, pool, handed.at(-1)?.upTo ?? from)
    const { arrivals } = await receiver.ask()
    const delays = await delaysOf(pool, handed, from, arrivals, tookS)
    return { askedPerSecond: perSecond, recordsPerSecond: Math.round(fed.records / tookS), ...delays, process: used, behind }
  } finally {
    await running.stop()
    await pool.end()
    receiver.close()
    await rm(folder, { recursive: true, force: true })
  }
} // prettier-ignore

interface Fed {
  readonly records: number
  /** Each resolves when the access index holds it. */
  readonly pieces: readonly Promise<Handed>[]
}

/** Vault records in pieces, at a steady rate, whatever becomes of them. */
async function startFeeding({ instance, projector }: Running, perSecond: number): Promise<{ during(seconds: number): Promise<Fed> }> {
  const source = instance.configuration.sources.find(({ kind }) => kind === 'vault')
  if (source === undefined) throw new Error('the recording has no vault')
  const [multiplier, { ledger, keys }] = [await RecordMultiplier.open(), instance]
  const size = Math.round((perSecond * PIECE_MS) / 1000)
  let piece = 0
  const hand = async (): Promise<Omit<Handed, 'indexedAt'>> => {
    const path = join(tmpdir(), `catena-bench-commit-${process.pid}-${piece++}.log`)
    await multiplier.write(path, size)
    const at = Date.now()
    await ingestFile({ path, source, ledger, connectorFor, keys, final: true })
    const committedAt = Date.now()
    await rm(path)
    return { at, committedAt, upTo: await ledger.head() }
  }
  const known = async (handed: Omit<Handed, 'indexedAt'>): Promise<Handed> => {
    await projector.caughtUp(handed.upTo)
    return { ...handed, indexedAt: Date.now() }
  }
  const during = async (seconds: number): Promise<Fed> => {
    const [pieces, begun] = [[] as Promise<Handed>[], performance.now()]
    for (let round = 1; round * PIECE_MS <= seconds * 1000; round++) {
      pieces.push(known(await hand()))
      await sleep(Math.max(0, begun + round * PIECE_MS - performance.now()))
    }
    return { pieces, records: pieces.length * size }
  }
  return { during }
} // prettier-ignore

async function metered(work: () => Promise<Fed>): Promise<{ fed: Fed; tookS: number; used: CommitDelay['process'] }> {
  const [blocked, begun, spent] = [monitorEventLoopDelay({ resolution: 5 }), performance.now(), process.cpuUsage()]
  blocked.enable()
  const fed = await work()
  const [tookMs, { user, system }] = [performance.now() - begun, process.cpuUsage(spent)]
  blocked.disable()
  const used = { cores: round((user + system) / 1000 / tookMs, 2), blockedP99Ms: round(blocked.percentile(99) / 1e6, 1) } // prettier-ignore
  return { fed, tookS: tookMs / 1000, used }
}

async function leftOf(pool: pg.Pool): Promise<CommitDelay['behind']> {
  const { rows } = await pool.query<{ entries: string; credentials: string }>(
    `SELECT (SELECT position FROM ledger_head) - (SELECT position FROM governance.checkpoint WHERE name = 'access-summary') AS entries,
       (SELECT count(*) FROM governance.stale_credential) AS credentials`,
  )
  return { entries: Number(rows[0]?.entries), credentials: Number(rows[0]?.credentials) }
}

/** A feed that is behind gives its destinations nothing to do: whoever looks at them alone believes them through. */
async function drained(desk: ExportDesk, pool: pg.Pool, upTo: number): Promise<void> {
  while ((await readFeedHead(pool)).position < upTo) await sleep(100)
  for (let still = 0; still < 5;) {
    await sleep(500)
    still = (await desk.list()).every(({ backlog }) => backlog.events === 0) ? still + 1 : 0
  }
}
