import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { connect } from '@catena/platform'
import { testBrokerOrSkip } from '@catena/testing'
import { expectAll } from './kafka-expect.js'
import { KafkaField, TOPIC } from './kafka-field.js'
import { numbers } from './kafka-feed.js'

jest.setTimeout(300_000)
const broker = await testBrokerOrSkip({ exclusive: true })
const describeKafka = broker === undefined ? describe.skip : describe
let field: KafkaField
let startedMs: number

beforeAll(async () => {
  if (broker !== undefined) field = await KafkaField.open(broker)
})
beforeEach(() => {
  startedMs = performance.now()
})
afterEach(async () => {
  if (broker !== undefined) await field.clear()
})
afterAll(async () => {
  if (broker !== undefined) await field.close()
})

describeKafka('a broker', () => {
  it('R1.9 killed and started again in mid-run loses and repeats nothing', async () => {
    await field.createTopic()
    await Promise.all([field.join(), field.join()])
    const sending = field.send(numbers(0, 30_000))
    await field.untilStored(5_000)
    const inFlight = await field.behind()
    await broker!.kill()
    await broker!.restart()
    await sending
    await expectAll(field, { fault: 'broker killed and started again', inFlight, startedMs })
  })

  it('R1.9 that does not answer for longer than a session is waited for', async () => {
    await field.createTopic()
    await Promise.all([field.join(), field.join()])
    await field.send(numbers(0, 10_000))
    await field.untilStored(1_000)
    const inFlight = await field.behind()
    broker!.freeze()
    await sleep(6_000)
    broker!.thaw()
    await field.send(numbers(10_000, 20_000))
    await expectAll(field, { fault: 'broker unreachable for 6 s', inFlight, startedMs })
  })
})

describeKafka('a topic', () => {
  it('R1.9 whose oldest messages are deleted before they were read is a gap that is told, counted and passed', async () => {
    await field.createTopic(1)
    await field.send(numbers(0, 2_000), { partitions: 1 })
    const first = await field.join()
    await field.untilRead()
    first.kill('SIGTERM')
    await first.ended
    const kept = new Set(field.sent.records)
    await field.send(numbers(2_000, 3_000), { partitions: 1 })
    await field.admin.fetchTopicOffsets(TOPIC) // the client asks for the topic's leader only then
    await field.admin.deleteTopicRecords({ topic: TOPIC, partitions: [{ partition: 0, offset: '2400' }] })
    // What was deleted cannot be in the ledger: it is taken out of what is expected there.
    const gone = [...field.sent.records].filter((line) => !kept.has(line)).slice(0, 400)
    for (const line of gone) field.sent.records.delete(line)
    const second = await field.join()
    expect(await second.says('the broker deleted messages before they were read')).toContain(
      '"from":"2000","to":"2400"',
    )
    await expectAll(field, {
      fault: 'messages deleted before they were read',
      inFlight: 1_000,
      startedMs,
      holes: 400,
      repeated: 0,
    })
  })

  it('R1.9 deleted and made anew stops its partition until its lane is closed as docs/operations.md says', async () => {
    await field.createTopic(1)
    await field.send(numbers(0, 2_000), { partitions: 1 })
    const first = await field.join()
    await field.untilRead()
    first.kill('SIGTERM')
    await first.ended
    await field.deleteTopic()
    await field.createTopic(1)
    await field.send(numbers(5_000, 5_500), { partitions: 1 })
    const second = await field.join()
    const told = await second.says('this partition is not read until an operator closes its lane')
    second.kill('SIGKILL')
    await second.ended

    // The new topic grows past the old offset, so that only the mark in the ledger tells them apart.
    await field.send(numbers(5_500, 8_000), { partitions: 1 })
    const third = await field.join()
    await third.says('this partition is not read until an operator closes its lane')
    expect(await field.ledger.head()).toBe(2_000)

    const { lane } = JSON.parse(told) as { lane: string }
    await runSql(closingStatement().replaceAll('<lane>', lane))
    const inFlight = await field.behind()
    await expectAll(field, { fault: 'topic deleted and made anew', inFlight, startedMs, repeated: 0 })
    expect(third.logged.some((line) => line.includes('"level":"fatal"'))).toBe(false)
  })

  function closingStatement(): string {
    const page = readFileSync(join(process.cwd(), 'docs', 'operations.md'), 'utf8')
    const sql = /```sql\n(BEGIN;\nUPDATE lane[^`]*)```/.exec(page)?.[1]
    if (sql === undefined) throw new Error('docs/operations.md does not say how to close a lane')
    return sql
  }

  async function runSql(sql: string): Promise<void> {
    const client = await connect(field.databaseUrl, { applicationName: 'spec' })
    await client.query(sql).finally(() => client.end())
  }
})
