import { randomUUID } from 'node:crypto'
import { connectKafka } from '@catena/platform'
import { testBrokerOrSkip } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import kafkajs from 'kafkajs'
import { kafkaLag } from './kafka-lag.js'

jest.setTimeout(90_000)
const broker = await testBrokerOrSkip()
const describeKafka = broker === undefined ? describe.skip : describe
const quiet = { logLevel: kafkajs.logLevel.NOTHING }
const log = (): void => undefined

describeKafka('the lag behind a real broker', () => {
  const brokers = [...(broker?.brokers ?? [])]
  const topic = `catena.vault.${randomUUID()}`
  const connection = connectKafka({ brokers, clientId: 'spec', log })
  let clusterId: string
  /** As the broker itself tells it: a client may send a message again. */
  let written: number[]

  beforeAll(async () => {
    const client = new kafkajs.Kafka({ brokers, ...quiet })
    const [admin, producer] = [
      client.admin(),
      client.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner }),
    ]
    await Promise.all([admin.connect(), producer.connect()])
    await admin.createTopics({ topics: [{ topic, numPartitions: 3 }], waitForLeaders: true })
    const messages = [0, 0, 0, 0, 0, 1, 1].map((partition) => ({ partition, value: '{}' }))
    await producer.send({ topic, messages })
    await admin.fetchTopicOffsets(topic)
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 1, offset: '1' }] })
    const offsets = await admin.fetchTopicOffsets(topic)
    written = [0, 1, 2].map((number) => Number(offsets.find(({ partition }) => partition === number)?.high))
    await Promise.all([admin.disconnect(), producer.disconnect()])
    clusterId = await connection.clusterId()
  })
  afterAll(() => connection.close())

  it('R2.7 counts what the ledger has not read of each partition, also of those it never read', async () => {
    const lanes = [{ lane: `kafka:${clusterId}/${topic}/0`, first: 0n, next: 2n, holes: 0 }]
    const lags = await kafkaLag(connection, [topic, 'catena.absent'], lanes)
    const [first = 0, second = 0] = written
    expect([first >= 5, second >= 2]).toEqual([true, true])
    expect(lags?.map(({ lane, partition, messages }) => [lane, partition, messages])).toEqual([
      [`kafka:${clusterId}/${topic}/0`, 0, first - 2],
      [`kafka:${clusterId}/${topic}/1`, 1, second - 1],
      [`kafka:${clusterId}/${topic}/2`, 2, 0],
    ])
  })

  it('R2.7 is unknown, not zero, where no broker answers', async () => {
    const nobody = connectKafka({ brokers: ['127.0.0.1:1'], clientId: 'spec', log })
    expect(await kafkaLag(nobody, [topic], [])).toBeUndefined()
    await nobody.close()
  })
})
