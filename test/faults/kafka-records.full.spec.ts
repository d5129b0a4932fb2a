import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { testBrokerOrSkip } from '@catena/testing'
import { expectAll } from './kafka-expect.js'
import { KafkaField } from './kafka-field.js'
import { chance, numbers, poisonLine, shuffled } from './kafka-feed.js'

jest.setTimeout(300_000)
const RECORDS = 12_000
const broker = await testBrokerOrSkip({ exclusive: true })
const describeKafka = broker === undefined ? describe.skip : describe
let field: KafkaField
let startedMs: number

beforeAll(async () => {
  if (broker !== undefined) field = await KafkaField.open(broker)
})
beforeEach(async () => {
  if (broker !== undefined) await field.createTopic()
  startedMs = performance.now()
})
afterEach(async () => {
  if (broker !== undefined) await field.clear()
})
afterAll(async () => {
  if (broker !== undefined) await field.close()
})

describeKafka('records from several partitions', () => {
  it.each([10, 30, 50])('R1.9 of which a producer repeats %d %% are stored once each, and counted', async (percent) => {
    const random = chance(percent)
    const repeated = numbers(0, RECORDS).filter(() => random() < percent / 100)
    await Promise.all([field.join(), field.join()])
    await field.send(shuffled([...numbers(0, RECORDS), ...repeated], random))
    const fault = `producer repeats ${percent} %`
    await expectAll(field, { fault, inFlight: await field.behind(), startedMs, repeated: repeated.length })
  })

  it('R1.9 come to the same ledger in any order', async () => {
    const contents: string[][] = []
    for (const seed of [1, 2]) {
      startedMs = performance.now()
      await field.send(shuffled(numbers(0, RECORDS), chance(seed)))
      await Promise.all([field.join(), field.join()])
      const fault = `any order across partitions, order ${seed}`
      await expectAll(field, { fault, inFlight: RECORDS, startedMs, repeated: 0 })
      contents.push(await content())
      await field.clear()
      await field.createTopic()
    }
    expect(contents[0]).toHaveLength(RECORDS)
    expect(contents[1]).toEqual(contents[0])
  })

  it('R2.7 of which 1 % is poison: that is quarantined with its place, its neighbours are stored', async () => {
    await field.join()
    await field.send(shuffled(numbers(0, RECORDS), chance(7)), { poisonShare: 0.01 })
    const inFlight = await field.behind()
    await expectAll(field, { fault: 'poison 1 %', inFlight, startedMs, repeated: 0 })
    const listed = await field.ledger.quarantine(0, RECORDS)
    expect(listed.length).toBeGreaterThan(50)
    const shape = poisonLine(1).replace(/[a-z]/g, 'a').replace(/\d/g, '0')
    expect(listed.every((one) => one.shape.startsWith(shape.slice(0, -1)))).toBe(true)
    expect(new Set(listed.map(({ locator }) => JSON.stringify(locator))).size).toBe(listed.length)
  })
})

/** Id, time and payload of each record. */
async function content(): Promise<string[]> {
  const events = await field.ledger.read(0, RECORDS + 1)
  return events.map(({ recordId, occurredAt, payload }) => `${recordId} ${occurredAt} ${payload?.toString()}`).sort()
}
