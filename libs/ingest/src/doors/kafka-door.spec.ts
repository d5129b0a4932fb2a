import { LedgerUnavailable, MemoryLedger, type Ledger, type RecordBatch } from '@catena/ledger'
import { connectKafka, type KafkaConnection, type KafkaLog } from '@catena/platform'
import { testBrokerOrSkip, type TestBroker } from '@catena/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals'
import kafkajs, { type Admin, type Message, type Producer } from 'kafkajs'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { keys, plainConnector, recordLine, source } from '../fixtures/plain-connector.js'
import { SOURCE_HEADER } from '../kafka/kafka-ingest.js'
import { ingestFile } from './file-door.js'
import { receive } from './http-door.js'
import { openKafkaDoor, type KafkaDoor } from './kafka-door.js'

jest.setTimeout(90_000)
const broker = await testBrokerOrSkip()
const describeKafka = broker === undefined ? describe.skip : describe

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
type Codec = (typeof CODECS)[number]
/** Messages of Java's producer by each of them. */
const JAVA_MESSAGES = 2000

describeKafka('the Kafka door on a real broker', () => {
  const { brokers, produceWithJava } = broker ?? ({ brokers: ['none:1'] } as unknown as TestBroker)
  const quiet = { logLevel: kafkajs.logLevel.NOTHING }
  const client = new kafkajs.Kafka({ brokers: [...brokers], ...quiet })
  const admin: Admin = client.admin()
  const producer: Producer = client.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
  const connected = Promise.all([admin.connect(), producer.connect()])

  let topic: string
  let groupId: string
  let ledger: MemoryLedger
  let opened: KafkaDoor[]
  let logged: string[]
  let log: KafkaLog
  /** Leaving a group waits for the broker, and no test for those of before. */
  const closing: Promise<void>[] = []
  /** Topics that Java fills, one after another: it takes seconds to start, in which other tests wait for the broker. */
  const byJava = new Map<Codec, Promise<void>>()
  const javaTopics = randomUUID()
  const javaTopicOf = (codec: Codec): string => `catena.vault.${javaTopics}.${codec}`

  beforeAll(async () => {
    await connected
    const topics = CODECS.map((codec) => ({ topic: javaTopicOf(codec), numPartitions: 1 }))
    await admin.createTopics({ topics, waitForLeaders: true })
    let before: Promise<unknown> = Promise.resolve()
    for (const codec of CODECS) {
      const filled = before.then(() => fillByJava(codec))
      byJava.set(codec, filled)
      before = filled.catch(() => undefined)
    }
  })
  beforeEach(async () => {
    await connected
    topic = `catena.vault.${randomUUID()}`
    groupId = `catena-${randomUUID()}`
    ledger = new MemoryLedger()
    opened = []
    const own: string[] = (logged = [])
    log = (level, message, fields) => {
      if (level !== 'debug') own.push(`${level} ${message} ${JSON.stringify(fields)}`)
    }
    await createTopic(1)
  })
  afterEach(() => void closing.push(...opened.map((door) => door.close())))
  afterAll(async () => {
    await Promise.all(closing)
    await Promise.all([admin.disconnect(), producer.disconnect()])
    await broker?.stop()
  })

  const createTopic = (numPartitions: number) =>
    admin.createTopics({ topics: [{ topic, numPartitions }], waitForLeaders: true })
  const fillByJava = (codec: Codec): Promise<void> => {
    const lines = Array.from({ length: JAVA_MESSAGES }, (_, number) => recordLine(number, { note: 'é'.repeat(50) }))
    return produceWithJava(codec, javaTopicOf(codec), lines)
  }
  /** What the broker believes of the group; as `admin.setOffsets`, which waits five seconds for messages. */
  async function believe(offset: string): Promise<void> {
    const consumer = client.consumer({ groupId, maxWaitTimeInMs: 10 })
    const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve))
    await consumer.connect()
    await consumer.subscribe({ topics: [topic] })
    await consumer.run({ autoCommit: false, eachMessage: () => Promise.resolve() })
    await joined
    await consumer.commitOffsets([{ topic, partition: 0, offset }])
    await consumer.disconnect()
    const [believed] = await admin.fetchOffsets({ groupId, topics: [topic] })
    expect(believed?.partitions[0]?.offset).toBe(offset)
  }
  async function deleteUpTo(offset: string): Promise<void> {
    await admin.fetchTopicOffsets(topic) // the client asks for the topic's leader only then
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset }] })
  }

  function open(to: Pick<Ledger, 'append' | 'laneOffset'> = ledger, connection?: KafkaConnection): KafkaDoor {
    const door = openKafkaDoor({
      connection: connection ?? connectKafka({ brokers, clientId: 'spec', log }),
      groupId,
      topics: [{ topic, defaultSource: 'vault-prod' }],
      sourceOf: (id) => [source, { ...source, id: 'vault-test' }].find((one) => one.id === id),
      connectorFor: () => plainConnector,
      keys,
      ledger: to,
      log,
    })
    opened.push(door)
    return door
  }

  async function send(from: number, to: number, more: Partial<Message> = {}): Promise<void> {
    const messages: Message[] = []
    for (let number = from; number < to; number += 1) messages.push({ value: recordLine(number), ...more })
    await producer.send({ topic, messages, compression: kafkajs.CompressionTypes.GZIP })
  }

  async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
    const end = Date.now() + 40_000
    while (!(await holds())) {
      await sleep(25)
      if (Date.now() > end) throw new Error(`did not happen; ${logged.join('\n')}`)
    }
  }
  const untilStored = (count: number) => until(async () => (await ledger.head()) >= count)

  async function stored(): Promise<number[]> {
    const events = await ledger.read(0, 100_000)
    return events.map(({ payload }) => (JSON.parse(payload!.toString()) as { n: number }).n).sort((a, b) => a - b)
  }
  const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index)

  async function expectConservation(): Promise<void> {
    const counts = await ledger.intake()
    for (const { lane, first, next, holes } of await ledger.lanes()) {
      const read = counts.filter((count) => count.lane === lane).reduce((sum, count) => sum + count.read, 0)
      expect(read + holes).toBe(Number(next - first))
    }
  }

  it('stores each message once, from the earliest on, and goes on where it stopped', async () => {
    await send(0, 9000)
    const first = open()
    await untilStored(9000)
    await first.close()
    await send(9000, 9500)
    open()
    await untilStored(9500)
    expect(await stored()).toEqual(numbers(0, 9500))
    const clusterId = (await admin.describeCluster()).clusterId
    expect(await ledger.laneOffset(`kafka:${clusterId}/${topic}/0`)).toBe(9500n)
    const [told] = await admin.fetchOffsets({ groupId, topics: [topic] })
    expect(told?.partitions[0]?.offset).toBe('9000')
    await expectConservation()
  })

  it('quarantines poison with its offset, its neighbours are stored, tombstones are holes', async () => {
    const poison = ['{"half', '[1]', recordLine(0, { type: 'crash' }), Buffer.from([0x7b, 0xff, 0x7d])]
    await send(0, 2)
    await producer.send({
      topic,
      messages: [...poison.map((value) => ({ value })), { key: 'k', value: null }, { value: ' ' }],
    })
    await send(2, 4)
    const door = open()
    await untilStored(4)
    await until(() => door.status().tally.read === 8)
    expect(await stored()).toEqual([0, 1, 2, 3])
    const quarantined = await ledger.quarantine(0, 10)
    expect(quarantined.map(({ locator, reason }) => [(locator as { offset: string }).offset, reason])).toEqual([
      ['2', 'no JSON object'],
      ['3', 'JSON, but no object'],
      ['4', 'connector failed: TypeError'],
      ['5', 'invalid UTF-8'],
    ])
    await expectConservation()
  })

  it('takes the source from the header; an unknown one is quarantined', async () => {
    await send(0, 3)
    await send(3, 5, { headers: { [SOURCE_HEADER]: 'vault-test' } })
    await send(5, 7, { headers: { [SOURCE_HEADER]: 'vault-tset' } })
    open()
    await until(async () => (await ledger.quarantine(0, 10)).length === 2)
    expect((await ledger.read(0, 10)).map((event) => event.source)).toEqual([
      'vault-prod',
      'vault-prod',
      'vault-prod',
      'vault-test',
      'vault-test',
    ])
    expect((await ledger.quarantine(0, 10))[0]).toMatchObject({ source: 'vault-tset', reason: 'unknown source' })
    await expectConservation()
  })

  it('counts what a producer repeats, and stores nothing when offsets are reset', async () => {
    await send(0, 1000)
    await send(500, 1000)
    const door = open()
    await until(() => door.status().tally.read === 1500)
    await door.close()
    await believe('0')
    const again = open()
    await send(1000, 1001)
    await untilStored(1001)
    expect(again.status().tally).toMatchObject({ read: 1, stored: 1 })
    expect(await stored()).toEqual(numbers(0, 1001))
    await expectConservation()
  })

  it('goes back to what the ledger lacks when the broker believes more', async () => {
    await send(0, 100)
    await believe('60')
    const door = open()
    await send(100, 101)
    await untilStored(101)
    expect(await stored()).toEqual(numbers(0, 101))
    await door.close()
    await expectConservation()
  })

  it('begins at the earliest message that is left', async () => {
    await send(0, 100)
    await deleteUpTo('40')
    open()
    await untilStored(60)
    expect(await stored()).toEqual(numbers(40, 100))
    expect((await ledger.lanes())[0]).toMatchObject({ first: 40n, next: 100n, holes: 0 })
  })

  it('says loudly what was deleted before it was read', async () => {
    await send(0, 10)
    const first = open()
    await untilStored(10)
    await first.close()
    await send(10, 100)
    await deleteUpTo('40')
    open()
    await untilStored(70)
    expect(await stored()).toEqual([...numbers(0, 10), ...numbers(40, 100)])
    expect(logged.join()).toContain('deleted messages before they were read')
    await expectConservation()
  })

  it('stops a partition loudly whose topic was created anew', async () => {
    await send(0, 100)
    const first = open()
    await untilStored(100)
    await first.close()
    await admin.deleteTopics({ topics: [topic] })
    await until(async () => !(await admin.listTopics()).includes(topic))
    await createTopic(1)
    // The broker answers for the old topic of this name a while longer, and would take messages for it.
    await until(async () => (await admin.fetchTopicOffsets(topic))[0]?.high === '0')
    await send(200, 210)
    const door = open()
    await until(() => door.status().stoppedLanes.length === 1)
    expect(logged.join()).toContain('truncated or created anew')
    expect(await ledger.head()).toBe(100)
  })

  it('does not take a batch that was fetched long ago for a sign of a new topic', async () => {
    await send(0, 100)
    const first = open()
    await untilStored(100)
    await first.close()
    await send(100, 110)
    const connection = connectKafka({ brokers, clientId: 'spec', log })
    let batches = 0
    const late: KafkaConnection = {
      ...connection,
      consume: (consumption) =>
        connection.consume({
          ...consumption,
          onBatch: (batch, control) =>
            consumption.onBatch(batches++ === 0 ? { ...batch, highWatermark: 60n } : batch, control),
        }),
    }
    const door = open(ledger, late)
    await untilStored(110)
    expect(door.status().stoppedLanes).toEqual([])
    expect(await stored()).toEqual(numbers(0, 110))
  })

  it('loses and repeats nothing while members join and leave', async () => {
    topic += '.many'
    await createTopic(4)
    const members = [open()]
    for (let round = 0; round < 6; round += 1) {
      await send(round * 500, round * 500 + 500)
      if (round === 1 || round === 3) members.push(open())
      if (round === 4) await members[0]!.close()
      await sleep(400)
    }
    await untilStored(3000)
    expect(await stored()).toEqual(numbers(0, 3000))
    expect((await ledger.intake()).reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(0)
    await expectConservation()
  })

  it('yields where another consumer moved the lane', async () => {
    await send(0, 100)
    let raced = false
    const racing = {
      laneOffset: (lane: string) => ledger.laneOffset(lane),
      append: async (batch: RecordBatch) => {
        if (!raced) await ledger.append(batch)
        raced = true
        return ledger.append(batch)
      },
    }
    const door = open(racing)
    await until(() => logged.join().includes('another consumer has moved the lane'))
    await send(100, 110)
    await untilStored(110)
    expect(await stored()).toEqual(numbers(0, 110))
    await door.close()
    await expectConservation()
  })

  it('waits for the ledger and then loses nothing', async () => {
    await send(0, 100)
    let isDown = true
    const unsteady = {
      laneOffset: (lane: string) => (isDown ? Promise.reject(new LedgerUnavailable('down')) : ledger.laneOffset(lane)),
      append: (batch: RecordBatch) => (isDown ? Promise.reject(new LedgerUnavailable('down')) : ledger.append(batch)),
    }
    const door = open(unsteady)
    await until(() => door.status().isLedgerWaitedFor)
    isDown = false
    await untilStored(100)
    isDown = true
    await send(100, 200)
    await until(() => door.status().isLedgerWaitedFor)
    // It stays away until the door has closed, which waits for it no longer.
    await door.close()
    isDown = false
    open(unsteady)
    await untilStored(200)
    expect(await stored()).toEqual(numbers(0, 200))
  })

  it('gives a record the id and the payload that files and requests give it', async () => {
    const lines = Array.from({ length: 20 }, (_, number) => recordLine(number, { secret: 'hvs.canary', path: 'a, b' }))
    const wrap = (message: string) => JSON.stringify({ '@timestamp': 't', message, agent: {}, log: { offset: 1 } })
    await producer.send({
      topic,
      messages: lines.map((line, index) => ({ value: index % 2 ? line : wrap(`vault-b: ${line}`) })),
    })
    open()
    await untilStored(20)
    const doors = { source, keys, connectorFor: () => plainConnector }
    const [viaFile, viaHttp] = [new MemoryLedger(), new MemoryLedger()]
    async function* once(text: string): AsyncGenerator<Buffer> {
      yield await Promise.resolve(Buffer.from(text))
    }
    await ingestFile({ ...doors, path: '-', pipe: once(lines.join('\n')), ledger: viaFile, final: true })
    await receive(
      {
        ...doors,
        ledger: viaHttp,
        sourceOf: () => source,
        webhookSecretsOf: () => undefined,
        verifySignature: () => true,
        wrapDelivery: (_, body) => body,
        unsignedIn: () => ({ text: '', id: undefined }),
      },
      {
        source: source.id,
        isEntitled: true,
        headers: {},
        body: once(
          JSON.stringify(
            lines.map((line) => JSON.parse(line) as unknown),
            null,
            2,
          ),
        ),
      },
    )
    const told = async (one: MemoryLedger) =>
      (await one.read(0, 100)).map(({ recordId, payload, occurredAt }) => ({ recordId, payload, occurredAt }))
    expect(await told(viaFile)).toEqual(await told(ledger))
    expect(await told(viaHttp)).toEqual(await told(ledger))
  })

  it.each(CODECS)("reads %s batches of Java's producer", async (codec) => {
    await byJava.get(codec)
    topic = javaTopicOf(codec)
    open()
    await untilStored(JAVA_MESSAGES)
    expect(await stored()).toEqual(numbers(0, JAVA_MESSAGES))
    expect(await ledger.quarantine(0, 10)).toEqual([])
  })
})
