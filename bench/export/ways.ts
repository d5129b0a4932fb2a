import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { readLocalToken } from '@catena/callers'
import { readSettings } from '@catena/platform'
import { startProcess } from '@catena/runtime'
import { PATIENCE } from '@catena/siem'
import { testBrokerOrSkip } from '@catena/testing'
import kafkajs from 'kafkajs'
import { WorkerModule } from '../../apps/worker/src/worker.module.js'
import { BY, openDeliveryStage, until, type DeliveryStage } from '../../test/siem/delivery-stage.js'
import { quantile, round } from '../ledger/figures.js'
import type { Pulled } from './puller.js'
import { answerOf, startReceiver } from './start-receiver.js'

const PIECE = 5_000
const FOLDER = mkdtempSync(join(tmpdir(), 'catena-bench-export-'))

export const WAYS = ['syslogTls', 'files', 'kafka', 'pull', 'delay'] as const
export type Way = (typeof WAYS)[number]

export interface WayFigures {
  /**
   * From the feed in PostgreSQL to the receiver's acknowledgement, by the sender that `npm start` runs; the receiver is another process.
   * `pullAgain`: a second pass over the same events, when the code that the first began with is compiled.
   */
  readonly eventsPerSecond: { readonly syslogTls?: number; readonly files?: number; readonly kafka?: number | null; readonly pull?: number; readonly pullAgain?: number } // prettier-ignore
  /** From the moment that the feed takes an event to its arrival over TLS, at so many events a second. */
  readonly delay?: { readonly eventsPerSecond: number; readonly events: number; readonly p50Ms: number; readonly p99Ms: number } // prettier-ignore
}

/** Only the ways that are wanted. A broker takes some seconds to start; without one Kafka is null. */
export async function benchWays(count: number, wanted: readonly Way[] = WAYS): Promise<WayFigures> {
  const broker = wanted.includes('kafka') ? await testBrokerOrSkip() : undefined
  const stage = await openDeliveryStage({ patience: PATIENCE, ...(broker === undefined ? {} : { brokers: broker.brokers }) }) // prettier-ignore
  const receiver = await startReceiver()
  try {
    for (let told = 0; told < count; told += PIECE) await stage.tell(PIECE)
    const topic = `catena-bench-${process.pid}`
    if (broker !== undefined) await createTopic(broker.brokers, topic)
    const rate = (id: string, kind: string, target: object): Promise<number> => drainedRate(stage, { id, kind, format: 'ocsf', target }, count) // prettier-ignore
    const of: Readonly<Record<Exclude<Way, 'delay' | 'pull'>, () => Promise<number | null>>> = {
      syslogTls: () => rate('syslog', 'syslog', receiver.target),
      files: () => rate('files', 'files', { folder: FOLDER }),
      kafka: () => (broker === undefined ? Promise.resolve(null) : rate('topic', 'kafka', { topic })),
    }
    const eventsPerSecond: Partial<Record<Way | 'pullAgain', number | null>> = {}
    for (const way of wanted)
      if (way === 'pull') Object.assign(eventsPerSecond, await pulledRates(stage.ownerUrl))
      else if (way !== 'delay') eventsPerSecond[way] = await of[way]()
    const delay = wanted.includes('delay') ? { delay: await delayAt(stage, receiver, 2_000, 10) } : {}
    return { eventsPerSecond, ...delay } as WayFigures
  } finally {
    receiver.close()
    await stage.close()
    await broker?.stop()
    rmSync(FOLDER, { recursive: true, force: true })
  }
}

async function createTopic(brokers: readonly string[], topic: string): Promise<void> {
  const admin = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING }).admin()
  await admin.createTopics({ topics: [{ topic, numPartitions: 3 }], waitForLeaders: true })
  await admin.disconnect()
}

/** From the first event to the last acknowledgement, with the look for new destinations (up to a second) taken off. */
async function drainedRate(
  stage: DeliveryStage,
  destination: { readonly id: string; readonly kind: string; readonly format: string; readonly target: object },
  count: number,
): Promise<number> {
  await stage.desk.add(destination, BY)
  stage.startEngine()
  // The checkpoint alone: what a whole report costs would be taken from what is measured.
  const sent = async (): Promise<number> => {
    const { rows } = await stage.pool.query<{ sequence: string }>('SELECT sequence FROM export_checkpoint WHERE destination = $1', [destination.id]) // prettier-ignore
    return Number(rows[0]?.sequence ?? 0)
  }
  await until(async () => (await sent()) > 0)
  const [begun, first] = [performance.now(), await sent()]
  await until(async () => (await sent()) >= count, 120_000)
  const rate = ((count - first) * 1000) / (performance.now() - begun)
  await stage.desk.change('RemoveDestination', destination.id, BY)
  await stage.stopEngine()
  return Math.round(rate)
}

async function pulledRates(databaseUrl: string): Promise<{ pull: number; pullAgain: number }> {
  const env = { CATENA_DATA: join(FOLDER, 'data'), DATABASE_URL: databaseUrl, CATENA_PORT: '0', LOG_LEVEL: 'silent' }
  const running = await startProcess([WorkerModule], readSettings(env), env)
  const token = (await readLocalToken(env.CATENA_DATA)) ?? ''
  const pass = async (): Promise<number> => {
    const child = fork(fileURLToPath(new URL('./puller.js', import.meta.url)), [running.url, token])
    const { events, ms } = await answerOf<Pulled>(child)
    return Math.round((events * 1000) / ms)
  }
  const rates = { pull: await pass(), pullAgain: await pass() }
  await running.stop()
  return rates
}

async function delayAt(stage: DeliveryStage, receiver: Awaited<ReturnType<typeof startReceiver>>, perSecond: number, seconds: number): Promise<WayFigures['delay']> {
  await stage.desk.add({ id: 'live', kind: 'syslog', format: 'ocsf', target: receiver.target }, BY, { fromNow: true })
  stage.startEngine()
  // What is sent again at the start of a connection is no news.
  await sleep(4_000)
  await receiver.ask()
  const [piece, begun] = [20, performance.now()]
  for (let told = 0; told < perSecond * seconds; told += piece) {
    await stage.tell(piece)
    await sleep(Math.max(0, begun + ((told + piece) * 1000) / perSecond - performance.now()))
  }
  const took = (performance.now() - begun) / 1000
  await sleep(1_500)
  const { delaysMs } = await receiver.ask()
  return { eventsPerSecond: Math.round((perSecond * seconds) / took), events: delaysMs.length, p50Ms: round(quantile(delaysMs, 0.5), 1), p99Ms: round(quantile(delaysMs, 0.99), 1) }
} // prettier-ignore
