import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { MemoryLedger, type QuarantineEntry } from '@catena/ledger'
import { connectKafka, type KafkaConnection } from '@catena/platform'
import { testBrokerOrSkip } from '@catena/testing'
import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import kafkajs, { type Message } from 'kafkajs'
import { openKafkaDoor } from '../doors/kafka-door.js'
import { keys, plainConnector, recordLine, source } from '../fixtures/plain-connector.js'
import { SOURCE_HEADER } from '../kafka/kafka-ingest.js'
import { releaseEntries, type ReleaseDesk, type ReleaseResult } from './release-entries.js'

jest.setTimeout(90_000)
const broker = await testBrokerOrSkip()

;(broker === undefined ? describe.skip : describe)('what was quarantined from Kafka', () => {
  const brokers = [...(broker?.brokers ?? ['none:1'])]
  const client = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING })
  const [admin, producer] = [
    client.admin(),
    client.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner }),
  ]
  const connected = Promise.all([admin.connect(), producer.connect()])
  let topic: string
  let ledger: MemoryLedger
  let kafka: KafkaConnection

  beforeEach(async () => {
    await connected
    topic = `catena.vault.${randomUUID()}`
    ledger = new MemoryLedger()
    kafka = connectKafka({ brokers, clientId: 'spec', log: () => undefined })
    await admin.createTopics({ topics: [{ topic, numPartitions: 2 }], waitForLeaders: true })
  })
  afterEach(() => kafka.close())
  afterAll(async () => {
    await Promise.all([admin.disconnect(), producer.disconnect()])
    await broker?.stop()
  })

  const crash = (number: number) => recordLine(number, { type: 'crash', secret: `s3cret-${number}` })
  const mended = { ...plainConnector, redact: () => ({ type: 'crash' }) }

  async function feed(messages: readonly Message[]): Promise<void> {
    await producer.send({ topic, messages: [...messages] })
    const door = openKafkaDoor({
      connection: connectKafka({ brokers, clientId: 'spec', log: () => undefined }),
      groupId: `catena-${randomUUID()}`,
      topics: [{ topic }],
      sourceOf: (id) => (id === source.id ? source : undefined),
      connectorFor: () => plainConnector,
      keys,
      ledger,
      log: () => undefined,
    })
    for (const end = Date.now() + 40_000; door.status().tally.read < messages.length && Date.now() < end;)
      await sleep(25)
    await door.close()
  }
  const message = (value: string, partition: number, from: string | null = source.id): Message => ({
    value,
    partition,
    ...(from === null ? {} : { headers: { [SOURCE_HEADER]: from } }),
  })

  async function release(parts: Partial<ReleaseDesk> = {}): Promise<ReleaseResult[]> {
    const all = await ledger.quarantineEntries({ limit: 1_000 })
    const order = (entry: QuarantineEntry) => JSON.stringify(entry.locator)
    const entries = [...all].sort((a, b) => (order(a) < order(b) ? -1 : 1))
    return releaseEntries(
      {
        ledger, keys, kafka, connectorFor: () => mended, defaultSourceOf: () => undefined, actor: 'person:op',
        sourceOf: (id) => (id === source.id ? source : undefined), ...parts,
      },
      entries,
    ) // prettier-ignore
  }
  const outcomes = (results: readonly ReleaseResult[]) => results.map(({ outcome, reason }) => reason ?? outcome)

  it('is read again by topic, partition and offset, and stored once', async () => {
    const neighbours = (from: number) => Array.from({ length: 300 }, (_, n) => message(recordLine(from + n), 0))
    await feed([
      ...neighbours(0), message(crash(1_000), 0), ...neighbours(2_000), message(crash(3_000), 0), message('{"x', 1),
      message(crash(4_000), 1),
    ]) // prettier-ignore
    expect(await ledger.quarantineCounts()).toEqual([{ source: 'vault-prod', open: 4, released: 0 }])
    expect(outcomes(await release())).toEqual(['stored', 'stored', 'no JSON object', 'stored'])
    expect(await ledger.head()).toBe(603)
    expect(await release()).toMatchObject([{ isNew: false }, { isNew: false }, { isNew: true }, { isNew: false }])
    const lanes = await ledger.lanes()
    const read = (await ledger.intake()).reduce((sum, counts) => sum + counts.read, 0)
    expect(lanes.reduce((sum, { first, next, holes }) => sum + Number(next - first) - holes, 0)).toBe(read)
  })

  it('is released to the source that its message names, once that is configured', async () => {
    await feed([message(recordLine(1), 0, 'vault-new'), message(recordLine(2), 0, null)])
    expect(outcomes(await release())).toEqual([
      'source "vault-new" is not configured',
      'source "unknown" is not configured',
    ])
    const renamed = { ...source, id: 'vault-new' }
    const sourceOf = (id: string) => (id === renamed.id ? renamed : undefined)
    const results = await release({ sourceOf, defaultSourceOf: () => 'vault-new' })
    expect(results).toMatchObject([
      { outcome: 'stored', source: 'vault-new' },
      { outcome: 'stored', source: 'vault-new' },
    ])
    expect((await ledger.read(0, 9)).map((event) => event.source)).toEqual(['vault-new', 'vault-new'])
  })

  it('is gone where the broker has deleted it, or the topic was created anew', async () => {
    await feed([message(crash(1), 0), message(recordLine(2), 0), message(crash(3), 0)])
    await admin.fetchTopicOffsets(topic) // the client asks for the topic's leader only then
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '1' }] })
    const deleted = 'the broker has deleted the message: its partition begins at a later offset now'
    const blank = { ...plainConnector, redact: (): never => { throw new TypeError('still') } } // prettier-ignore
    expect(outcomes(await release({ connectorFor: () => blank }))).toEqual([deleted, 'connector failed: TypeError'])
    await admin.deleteTopics({ topics: [topic] })
    await until(async () => !(await admin.listTopics()).includes(topic))
    expect(outcomes(await release())).toEqual(Array(2).fill('the topic, or this partition of it, is not there'))
    await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true })
    await producer.send({ topic, messages: [{ value: crash(99), partition: 0 }] })
    const anew = 'the partition ends before this offset: its topic was truncated or created anew'
    expect(outcomes(await release())).toEqual(['another message stands at this offset', anew])
    expect(await ledger.head()).toBe(1)
  })

  it('waits where the broker does not answer', async () => {
    await feed([message(crash(1), 0)])
    const nobody = connectKafka({ brokers: ['127.0.0.1:1'], clientId: 'spec', log: () => undefined })
    const [result] = await release({ kafka: nobody })
    await nobody.close()
    expect(result).toMatchObject({ outcome: 'unreached' })
    expect(result?.reason).toMatch(/^Kafka cannot be read: /)
    expect((await ledger.quarantineEntries({ limit: 1 }))[0]!.attempts).toBe(0)
  })
})

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 20_000; !(await holds());) {
    if (Date.now() > end) throw new Error('did not happen')
    await sleep(50)
  }
}
