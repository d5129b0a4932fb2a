import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectorFor } from '@catena/connectors'
import { ingestFile } from '@catena/ingest'
import { createPool, readSettings, systemClock } from '@catena/platform'
import { ExportDesk } from '@catena/siem'
import { openRecording } from '@catena/testing'
import type pg from 'pg'
import { startAll, type Running } from '../../apps/cli/src/up.js'
import { quantile, round } from '../ledger/figures.js'
import { RecordMultiplier } from '../multiply.js'
import { startReceiver } from './start-receiver.js'

const PIECE_MS = 50
const WARM_UP_S = 5

export interface CommitDelay {
  readonly recordsPerSecond: number
  readonly eventsPerSecond: number
  readonly events: number
  readonly p50Ms: number
  readonly p99Ms: number
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
    const handed = await feeding.during(seconds)
    await drained(desk)
    return { recordsPerSecond: rateOf(handed, seconds, from), ...(await delaysOf(pool, handed, from, await receiver.ask(), seconds)) }
  } finally {
    await running.stop()
    await pool.end()
    receiver.close()
    await rm(folder, { recursive: true, force: true })
  }
} // prettier-ignore

/** When the records up to a position were handed over. */
interface Handed {
  readonly upTo: number
  readonly at: number
}

/** Vault records in pieces, at a steady rate, whatever becomes of them. */
async function startFeeding({ instance }: Running, perSecond: number): Promise<{ during(seconds: number): Promise<Handed[]> }> {
  const source = instance.configuration.sources.find(({ kind }) => kind === 'vault')
  if (source === undefined) throw new Error('the recording has no vault')
  const [multiplier, { ledger, keys }] = [await RecordMultiplier.open(), instance]
  let piece = 0
  const hand = async (): Promise<Handed> => {
    const path = join(tmpdir(), `catena-bench-commit-${process.pid}-${piece++}.log`)
    await multiplier.write(path, Math.round((perSecond * PIECE_MS) / 1000))
    const at = Date.now()
    await ingestFile({ path, source, ledger, connectorFor, keys, final: true })
    await rm(path)
    return { at, upTo: await ledger.head() }
  }
  const during = async (seconds: number): Promise<Handed[]> => {
    const [handed, begun] = [[] as Handed[], performance.now()]
    for (let round = 1; round * PIECE_MS <= seconds * 1000; round++) {
      handed.push(await hand())
      await sleep(Math.max(0, begun + round * PIECE_MS - performance.now()))
    }
    return handed
  }
  return { during }
} // prettier-ignore

async function drained(desk: ExportDesk): Promise<void> {
  for (let still = 0; still < 5;) {
    await sleep(500)
    still = (await desk.list()).every(({ backlog }) => backlog.events === 0) ? still + 1 : 0
  }
}

function rateOf(handed: readonly Handed[], seconds: number, from: number): number {
  return Math.round(((handed.at(-1)?.upTo ?? from) - from) / seconds)
}

/** Of each event the newest record that it rests on tells when it was handed over. */
async function delaysOf(
  pool: pg.Pool,
  handed: readonly Handed[],
  from: number,
  { arrivals }: { readonly arrivals: readonly (readonly [sequence: number, at: number])[] },
  seconds: number,
): Promise<Omit<CommitDelay, 'recordsPerSecond'>> {
  const { rows } = await pool.query<{ sequence: string; newest: string }>(
    'SELECT sequence, positions[cardinality(positions)] AS newest FROM feed_event WHERE positions[cardinality(positions)] > $1',
    [from],
  )
  const at = new Map(arrivals)
  const delays = rows.flatMap(({ sequence, newest }) => {
    const piece = handed.find(({ upTo }) => upTo >= Number(newest))
    return piece === undefined ? [] : [(at.get(Number(sequence)) ?? Infinity) - piece.at]
  })
  return { eventsPerSecond: Math.round(delays.length / seconds), events: delays.length, p50Ms: round(quantile(delays, 0.5), 1), p99Ms: round(quantile(delays, 0.99), 1) } // prettier-ignore
}
