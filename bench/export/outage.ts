import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectorFor } from '@catena/connectors'
import { deriveIntakeKeys, ingestFile } from '@catena/ingest'
import { PostgresLedger } from '@catena/ledger'
import { PATIENCE } from '@catena/siem'
import { openRecording } from '@catena/testing'
import { BY, openDeliveryStage, until, type DeliveryStage } from '../../test/siem/delivery-stage.js'
import { boundsOf, round } from '../ledger/figures.js'
import { multiplyRecords } from '../multiply.js'
import { startReceiver } from './start-receiver.js'

/** Of one round. */
const RECORDS = 2_000
const EVENTS = 2_000
/** An hour, shortened: attempts that would hang for 90 s are given up after one, and come again after one at most. */
const SHORTENED = { ...PATIENCE, attemptMs: 1_000, firstWaitMs: 100, waitMaxMs: 1_000 }
/** Until the engine has looked at its destinations again, and the sender has met its fault. */
const SETTLE_MS = 1_300
/**
 * A sender that hangs works in bursts: what it sends again, then up to two seconds of waiting. A half of a pair therefore takes its rates from
 * several rounds, one at the beginning of each slice, which cover such a cycle together.
 */
const ROUNDS = 3
const SLICE_MS = 600
const ASK_EVERY_MS = 5
const DRAIN_MS_MAX = 120_000

interface Half {
  readonly ingest: number
  readonly other: number
}

export interface OutageFigures {
  readonly pairs: number
  /** Share of the rate that is lost while a receiver hangs: median over interleaved pairs, and the upper bound of its 95 % confidence interval. */
  readonly loss: Readonly<Record<'ingest' | 'otherDestination', { readonly median: number; readonly upper95: number }>>
  /** After collection, of live heap and of buffers outside of it, MB. */
  readonly memoryMb: { readonly first: number; readonly highest: number; readonly last: number }
  readonly backlogEvents: number
  readonly drained: { readonly seconds: number; readonly eventsPerSecond: number; readonly lost: number }
}

/** A receiver hangs while records come in and another destination is served. */
export async function benchOutage(pairs: number): Promise<OutageFigures> {
  const stage = await openDeliveryStage({ patience: SHORTENED })
  const ledger = new PostgresLedger({ databaseUrl: stage.databaseUrl })
  const [healthy, hanging] = [await startReceiver(), await startReceiver()]
  try {
    for (const [id, { target }] of [['healthy', healthy], ['hanging', hanging]] as const) await stage.desk.add({ id, kind: 'syslog', format: 'ocsf', target }, BY) // prettier-ignore
    stage.startEngine()
    await stage.tell(EVENTS)
    await until(async () => (await stage.desk.list()).every(({ backlog }) => backlog.events === 0))
    hanging.freeze()
    const ingest = await ingesting(ledger)
    let isHanging = true
    const half = async (hangs: boolean): Promise<Half> => {
      if (hangs !== isHanging) {
        await stage.desk.change(hangs ? 'ResumeDestination' : 'PauseDestination', 'hanging', BY)
        await sleep(SETTLE_MS)
      }
      isHanging = hangs
      return ratesOver(ROUNDS, ingest, () => served(stage))
    }
    for (const hangs of [false, true]) await half(hangs)
    // Calm, hanging, hanging, calm: what grows steadily meets both alike.
    const [rounds, memory] = [[] as Record<'calm' | 'outage', Half>[], [] as number[]]
    for (let pair = 0; pair < pairs; pair++) {
      const [first, second] = [await half(pair % 2 === 1), await half(pair % 2 === 0)]
      rounds.push(pair % 2 === 0 ? { calm: first, outage: second } : { calm: second, outage: first })
      memory.push(liveMemoryMb())
    }
    const lossOf = (rate: keyof Half) => boundsOf(rounds.map(({ calm, outage }) => 1 - outage[rate] / calm[rate]))
    return {
      pairs,
      loss: { ingest: lossOf('ingest'), otherDestination: lossOf('other') },
      memoryMb: { first: memory[0] ?? 0, highest: Math.max(...memory), last: memory.at(-1) ?? 0 },
      ...(await drain(stage, hanging)),
    }
  } finally {
    hanging.thaw()
    for (const receiver of [healthy, hanging]) receiver.close()
    await ledger.close()
    await stage.close()
  }
}

/** Rates over all rounds together, each of records first and then of events. `ingest` and `serve`: what a round took, in ms. */
async function ratesOver(rounds: number, ingest: () => Promise<number>, serve: () => Promise<number>): Promise<Half> {
  let [ingestMs, serveMs] = [0, 0]
  const begun = performance.now()
  for (let round = 0; round < rounds; round++) {
    await sleep(Math.max(0, begun + round * SLICE_MS - performance.now()))
    ingestMs += await ingest()
    serveMs += await serve()
  }
  return { ingest: (rounds * RECORDS * 1000) / ingestMs, other: (rounds * EVENTS * 1000) / serveMs }
}

function liveMemoryMb(): number {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return round((heapUsed + external) / 1e6, 1)
}

/** Takes records into the ledger, by the file door, and tells in how many ms; each call with records of its own. */
async function ingesting(ledger: PostgresLedger): Promise<() => Promise<number>> {
  const { sources } = await openRecording()
  const source = sources.find(({ kind }) => kind === 'vault')
  if (source === undefined) throw new Error('the recording has no vault')
  let run = 0
  return async () => {
    const path = join(tmpdir(), `catena-bench-outage-${process.pid}-${run++}.log`)
    await multiplyRecords(path, RECORDS)
    const own = { ...source, id: `${source.id}-${run}` }
    const begun = performance.now()
    await ingestFile({
      path,
      source: own,
      ledger,
      connectorFor,
      keys: deriveIntakeKeys(Buffer.alloc(32, 7)),
      final: true,
    })
    const tookMs = performance.now() - begun
    await rm(path)
    return tookMs
  }
}

/**
 * Ms from the feed's transaction to the acknowledgement of the destination that works. Its checkpoint alone is asked for: a whole report would
 * cost what is measured.
 */
async function served(stage: DeliveryStage): Promise<number> {
  const begun = performance.now()
  await stage.tell(EVENTS)
  for (;;) {
    const { rowCount } = await stage.pool.query(`SELECT FROM export_checkpoint c JOIN feed_head h ON c.sequence = h.sequence WHERE destination = 'healthy'`)
    if (rowCount === 1) return performance.now() - begun
    await sleep(ASK_EVERY_MS)
  }
} // prettier-ignore

async function drain(stage: DeliveryStage, hanging: Awaited<ReturnType<typeof startReceiver>>): Promise<Pick<OutageFigures, 'backlogEvents' | 'drained'>> {
  const stands = async () => (await stage.desk.list()).find(({ destination }) => destination.id === 'hanging')
  await stage.desk.change('ResumeDestination', 'hanging', BY)
  const backlogEvents = (await stands())?.backlog.events ?? 0
  const begun = performance.now()
  hanging.thaw()
  await until(async () => (await stands())?.backlog.events === 0, DRAIN_MS_MAX)
  const seconds = (performance.now() - begun) / 1000
  await sleep(500)
  const head = Number((await stage.pool.query<{ sequence: string }>('SELECT sequence FROM feed_head')).rows[0]?.sequence)
  const { events } = await hanging.ask()
  return { backlogEvents, drained: { seconds: round(seconds, 1), eventsPerSecond: Math.round(backlogEvents / seconds), lost: head - events } }
} // prettier-ignore
