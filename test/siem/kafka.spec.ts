import { testBrokerOrSkip, type TestBroker } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import kafkajs from 'kafkajs'
import { consumeAll } from './consume-all.js'
import { account, BY, openDeliveryStage, SOUND, until, type DeliveryStage } from './delivery-stage.js'

describe('a Kafka topic', () => {
  let broker: TestBroker | undefined
  let stage: DeliveryStage
  const topic = `catena-export-${process.pid}`
  const narrow = `${topic}-narrow`
  beforeAll(async () => {
    broker = await testBrokerOrSkip()
    if (broker === undefined) return
    const admin = new kafkajs.Kafka({ brokers: [...broker.brokers], logLevel: kafkajs.logLevel.NOTHING }).admin()
    await admin.createTopics({
      topics: [
        { topic, numPartitions: 3 },
        { topic: narrow, numPartitions: 2, configEntries: [{ name: 'max.message.bytes', value: '30000' }] },
      ],
      waitForLeaders: true,
    })
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
    await got.upToNow()
    expect(account(got.events, 1_900)).toEqual(SOUND)
    await got.close()
  }, 60_000)

  it('R8.1 that takes no event of this size: the event is a dead letter, and the others arrive', async () => {
    if (broker === undefined) return
    const got = await consumeAll(broker.brokers, narrow)
    await stage.tell(1, { summary: 'x'.repeat(40_000) })
    await stage.tell(20)
    await stage.desk.add({ id: 'narrow', kind: 'kafka', format: 'cloudevents', target: { topic: narrow } }, BY, { fromNow: false })
    await until(async () => (await stage.desk.list()).every(({ backlog }) => backlog.events === 0), 50_000)
    const dead = await stage.desk.deadLetters({ destination: 'narrow', limit: 10 })
    expect(dead).toMatchObject([{ sequence: 1_901, reason: expect.stringMatching(/larger than the broker takes/) }])
    await got.upToNow()
    const missing = new Set(got.events.map(({ sequence }) => sequence))
    // 1,921 events, and the one that tells of the gap.
    expect(Array.from({ length: 1_922 }, (_, index) => index + 1).filter((sequence) => !missing.has(sequence))).toEqual([1_901])
    await got.close()
  }, 90_000) // prettier-ignore

  it('that does not exist is told', async () => {
    if (broker === undefined) return
    await stage.desk.add({ id: 'absent', kind: 'kafka', format: 'ocsf', target: { topic: 'no-such-topic' } }, BY)
    expect(await stage.desk.test('absent', 5_000)).toMatchObject({ fault: expect.stringMatching(/topic/i) })
  }, 30_000)
})
