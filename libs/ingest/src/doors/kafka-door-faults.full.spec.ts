import { MemoryLedger } from '@catena/ledger'
import { connectKafka, type KafkaLog } from '@catena/platform'
import { testBrokerOrSkip } from '@catena/testing'
import { afterAll, expect, it, jest } from '@jest/globals'
import kafkajs from 'kafkajs'
import { setTimeout as sleep } from 'node:timers/promises'
import { keys, plainConnector, recordLine, source } from '../fixtures/plain-connector.js'
import { openKafkaDoor } from './kafka-door.js'

jest.setTimeout(120_000)
const broker = await testBrokerOrSkip({ exclusive: true })
afterAll(() => broker?.stop())

const itOnBroker = broker === undefined ? it.skip : it

itOnBroker('a broker that is down at the start, comes, dies and comes again costs nothing but time', async () => {
  const { brokers, kill, restart } = broker!
  const ledger = new MemoryLedger()
  const logged: string[] = []
  const log: KafkaLog = (level, message, fields) => {
    if (level !== 'debug') logged.push(`${level} ${message} ${JSON.stringify(fields)}`)
  }
  const send = async (from: number, to: number): Promise<void> => {
    const client = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING })
    const [admin, producer] = [
      client.admin(),
      client.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner }),
    ]
    await Promise.all([admin.connect(), producer.connect()])
    await admin.createTopics({ topics: [{ topic: 'catena.vault', numPartitions: 2 }], waitForLeaders: true })
    const messages = Array.from({ length: to - from }, (_, index) => ({ value: recordLine(from + index) }))
    await producer.send({ topic: 'catena.vault', messages })
    await Promise.all([admin.disconnect(), producer.disconnect()])
  }
  const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
    const end = Date.now() + 60_000
    while (!(await holds())) {
      await sleep(50)
      if (Date.now() > end) throw new Error(`did not happen; ${logged.join('\n')}`)
    }
  }
  await kill()
  const door = openKafkaDoor({
    connection: connectKafka({ brokers, clientId: 'spec', log }),
    groupId: 'catena',
    topics: [{ topic: 'catena.vault', defaultSource: source.id }, { topic: 'catena.idp' }],
    sourceOf: () => source,
    connectorFor: () => plainConnector,
    keys,
    ledger,
    log,
  })
  await until(() => logged.some((line) => line.includes('Kafka cannot be read')))
  await restart()
  await send(0, 500)
  await until(async () => (await ledger.head()) === 500)
  expect(door.status()).toMatchObject({ isConsuming: true, missingTopics: ['catena.idp'] })
  await kill()
  const before = logged.length
  await until(() => logged.slice(before).some((line) => line.includes('Kafka cannot be read')))
  // The topic that was never made is not why nothing is read now.
  expect(door.status()).toMatchObject({ isConsuming: false, missingTopics: ['catena.idp'], seesNoTopic: false })
  await restart()
  await send(500, 700)
  await until(async () => (await ledger.head()) === 700)
  expect((await ledger.intake()).reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(0)
  await door.close()
  expect(logged.filter((line) => line.startsWith('warn'))).toEqual([])
})
