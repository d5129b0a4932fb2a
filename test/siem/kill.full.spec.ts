import { setTimeout as sleep } from 'node:timers/promises'
import { testBrokerOrSkip, type TestBroker } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import kafkajs from 'kafkajs'
import { hasProgram } from '../../libs/siem/src/testing/tools.js'
import { chance } from './chance.js'
import { consumeAll } from './consume-all.js'
import {
  account,
  BY,
  IMPATIENT,
  openDeliveryStage,
  SECRET,
  SOUND,
  until,
  type DeliveryStage,
} from './delivery-stage.js'
import { readOcsf, startHostileReceiver, type HostileReceiver, type Mood } from './hostile-receiver.js'
import { hasTlsDriver, prepareRsyslog, readLine, type Rsyslog } from './rsyslog.js'
import { buildExport, startExport } from './start-export.js'

const isHere = hasProgram('rsyslogd', 'rsyslog rsyslog-openssl') && hasTlsDriver()
const TOPIC = `catena-kill-${process.pid}`
const FAULTS_MS = 18_000
const MOODS: readonly Mood[] = ['take', 'take', 'busy', 'fault', 'hang', 'cut', 'late', 'twice', 'redirect']
/** A hang is given up soon, so that there is time for many. */
const PATIENCE = { ...IMPATIENT, attemptMs: 800 }

describe('Catena and its receivers, killed at random', () => {
  let broker: TestBroker | undefined
  let stage: DeliveryStage
  let rsyslog: Rsyslog
  let receiver: HostileReceiver
  let sending: ReturnType<typeof startExport> | undefined
  let total = 0
  const isSkipped = (): boolean => !isHere || broker === undefined
  const begin = (): void => {
    sending = startExport({ databaseUrl: stage.databaseUrl, brokers: broker?.brokers ?? [], patience: PATIENCE }, { CATENA_EXPORT_SPEC: SECRET }) // prettier-ignore
  }
  const head = async (): Promise<number> => Number((await stage.pool.query<{ sequence: string }>('SELECT sequence FROM feed_head')).rows[0]?.sequence) // prettier-ignore
  const drained = (): Promise<void> => until(async () => (await stage.desk.list()).every(({ backlog }) => backlog.events === 0), 90_000) // prettier-ignore
  const logged = () => rsyslog.lines().flatMap((line) => readLine(line) ?? [])

  beforeAll(async () => {
    if (!isHere) return
    broker = await testBrokerOrSkip({ exclusive: true })
    if (broker === undefined) return
    const admin = new kafkajs.Kafka({ brokers: [...broker.brokers], logLevel: kafkajs.logLevel.NOTHING }).admin()
    await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: 3 }], waitForLeaders: true })
    await admin.disconnect()
    stage = await openDeliveryStage({ brokers: broker.brokers })
    rsyslog = await prepareRsyslog()
    await rsyslog.start()
    receiver = await startHostileReceiver(readOcsf)
    await buildExport()
    await stage.desk.add({ id: 'hook', kind: 'webhook', format: 'ocsf', target: { url: receiver.url, allow_private: true, secret_env: 'CATENA_EXPORT_SPEC' } }, BY) // prettier-ignore
    await stage.desk.add({ id: 'syslog', kind: 'syslog', format: 'ocsf', target: { host: '127.0.0.1', port: rsyslog.port, ...rsyslog.target } }, BY) // prettier-ignore
    await stage.desk.add({ id: 'topic', kind: 'kafka', format: 'cloudevents', target: { topic: TOPIC } }, BY)
  }, 120_000)
  afterAll(async () => {
    if (isSkipped()) return
    await sending?.kill()
    await stage.close()
    await receiver.kill()
    await rsyslog.kill()
    rsyslog.remove()
    await broker?.stop()
  }, 60_000)

  it('R8.1 lose nothing, repeat only under the same id, and keep the order of each credential', async () => {
    if (isSkipped()) return
    const seed = Number(process.env['CATENA_SEED'] ?? 20_260_301)
    const random = chance(seed)
    const struck: Record<string, number> = {}
    const faults: Record<string, () => Promise<void>> = {
      catena: async () => {
        await sending?.kill()
        begin()
      },
      rsyslog: async () => {
        await rsyslog.kill()
        await sleep(random() * 300)
        await rsyslog.start()
      },
      receiver: async () => {
        await receiver.kill()
        await sleep(random() * 300)
        await receiver.restart()
      },
      moods: () => {
        receiver.moods = Array.from({ length: 6 }, () => MOODS[Math.floor(random() * MOODS.length)] ?? 'take')
        return Promise.resolve()
      },
      broker: async () => {
        await broker?.kill()
        await broker?.restart()
      },
    }
    const names = ['catena', 'catena', 'rsyslog', 'rsyslog', 'receiver', 'moods', 'moods', 'moods', 'broker']
    begin()
    const end = Date.now() + FAULTS_MS
    const over = new AbortController()
    const telling = (async () => {
      while (!over.signal.aborted) {
        await stage.tell(1 + Math.floor(random() * 40))
        await sleep(40)
      }
    })()
    for (let round = 0; round < names.length || Date.now() < end; round++) {
      await sleep(200 + random() * 500)
      // Each at least once, then by chance.
      const name = names[round < names.length ? round : Math.floor(random() * names.length)] ?? 'catena'
      struck[name] = (struck[name] ?? 0) + 1
      await faults[name]?.()
    }
    over.abort()
    await telling
    receiver.moods = []
    await drained()
    total = await head()
    // What a receiver that acknowledges nothing lost with its connection comes with the next one.
    await sending?.kill()
    begin()
    await until(() => account(logged(), total).lost === 0, 60_000)
    const consumed = await consumeAll(broker?.brokers ?? [], TOPIC)
    await consumed.upToNow()
    await consumed.close()
    console.log(`seed ${seed}: ${total} events; struck ${JSON.stringify(struck)}; copies got: webhook ${receiver.got.length}, rsyslog ${logged().length}, Kafka ${consumed.events.length}`) // prettier-ignore
    expect(Object.keys(struck).sort()).toEqual([...new Set(names)].sort())
    expect(
      account(
        receiver.got.filter(({ id }) => id !== ''),
        total,
      ),
    ).toEqual(SOUND)
    expect(account(logged(), total)).toEqual(SOUND)
    expect(account(consumed.events, total)).toEqual(SOUND)
    expect((await stage.desk.list()).map(({ deadLetters }) => deadLetters)).toEqual([0, 0, 0])
  }, 300_000)

  it('R8.1 send the same bytes again when the day is replayed, but for the send time', async () => {
    if (isSkipped()) return
    const since = Date.now() - 24 * 3_600_000
    const before = rsyslog.lines().length
    for (const id of ['syslog', 'topic']) expect(await stage.desk.replay(id, { since }, { ...BY, at: Date.now() })).toBeUndefined() // prettier-ignore
    await drained()
    const bytes = (lines: readonly string[]) => new Map(lines.flatMap((line) => [[readLine(line)?.id, line.replace(/"transmit_time":\d+/, '')] as const])) // prettier-ignore
    await until(() => bytes(rsyslog.lines().slice(before)).size >= total, 60_000)
    const [first, again] = [bytes(rsyslog.lines().slice(0, before)), bytes(rsyslog.lines().slice(before))]
    expect([...again].filter(([id, line]) => first.get(id) !== line)).toEqual([])
    const consumed = await consumeAll(broker?.brokers ?? [], TOPIC)
    await consumed.upToNow()
    await consumed.close()
    const texts = new Map<string, Set<string>>()
    for (const { id, text } of consumed.events) texts.set(id, (texts.get(id) ?? new Set()).add(text))
    expect([...texts.values()].filter(({ size }) => size !== 1)).toEqual([])
    expect(consumed.events.length).toBeGreaterThanOrEqual(2 * total)
  }, 240_000)
})
