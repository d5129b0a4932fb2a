import { connectKafka, type ConsumedBatch, type ConsumerSession, type PartitionControl } from '@catena/platform'
import { testBrokerOrSkip, type TestBroker } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import kafkajs from 'kafkajs'
import { account, BY, openDeliveryStage, SOUND, until, type DeliveryStage, type Got } from './delivery-stage.js'

describe('a Kafka topic', () => {
  let broker: TestBroker | undefined
  let stage: DeliveryStage
  const topic = `catena-export-${process.pid}`
  beforeAll(async () => {
    broker = await testBrokerOrSkip()
    if (broker === undefined) return
    const admin = new kafkajs.Kafka({ brokers: [...broker.brokers], logLevel: kafkajs.logLevel.NOTHING }).admin()
    await admin.createTopics({ topics: [{ topic, numPartitions: 3 }], waitForLeaders: true })
    await admin.disconnect()
    stage = await openDeliveryStage({ brokers: broker.brokers })
  }, 120_000)
  afterAll(async () => {
    if (broker === undefined) return
    await stage.close()
    await broker.stop()
  }, 30_000)

  it('R8.1 holds every event as a CloudEvent, those of one credential in order, over restarts of the worker', async () => {
    if (broker === undefined) return
    const got = await consumeAll(broker.brokers, topic)
    await stage.tell(900)
    await stage.desk.add({ id: 'topic', kind: 'kafka', format: 'cloudevents', target: { topic } }, BY)
    stage.startEngine()
    for (let round = 0; round < 2; round++) {
      await stage.tell(500)
      await stage.stopEngine()
      stage.startEngine()
    }
    await until(async () => (await stage.desk.list())[0]?.backlog.events === 0)
    await until(() => new Set(got.events.map(({ sequence }) => sequence)).size === 1_900)
    expect(account(got.events, 1_900)).toEqual(SOUND)
    await got.close()
  }, 60_000)

  it('that does not exist is told', async () => {
    if (broker === undefined) return
    await stage.desk.add({ id: 'absent', kind: 'kafka', format: 'ocsf', target: { topic: 'no-such-topic' } }, BY)
    expect(await stage.desk.test('absent', 5_000)).toMatchObject({ fault: expect.stringMatching(/topic/i) })
  }, 30_000)
})

interface Consumed {
  readonly events: Got[]
  close(): Promise<void>
}

/** A membership that a fault ended is begun anew, as Catena's own door does. */
async function consumeAll(brokers: readonly string[], topic: string): Promise<Consumed> {
  const connection = connectKafka({ brokers, clientId: 'spec', log: () => undefined })
  const events: Got[] = []
  let isClosed = false
  const begin = (): Promise<ConsumerSession> => connection.consume({ groupId: `spec-${process.pid}`, topics: [topic], onBatch: (batch, control) => take(batch, control, events) }) // prettier-ignore
  let session = await begin()
  const watch = async (): Promise<void> => {
    while ((await session.ended) !== undefined && !isClosed) session = await begin()
  }
  void watch()
  const close = async (): Promise<void> => {
    isClosed = true
    await session.stop()
    await connection.close()
  }
  return { events, close }
}

function take({ messages }: ConsumedBatch, control: PartitionControl, events: Got[]): Promise<void> {
  for (const { value, offset } of messages) {
    if (value !== null) events.push(readCloudEvent(value.toString('utf8')))
    control.resolve(offset)
  }
  return Promise.resolve()
}

function readCloudEvent(text: string): Got {
  const { catenaid, sequence, subject } = JSON.parse(text) as { catenaid: string; sequence: string; subject: string }
  return { id: catenaid, sequence: Number(sequence), credential: subject }
}
