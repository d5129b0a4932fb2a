import { setTimeout as sleep } from 'node:timers/promises'
import { TRIGGERS_EVERY_MS } from '@catena/recertification'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { openNewConsumer, type NewConsumer } from './new-consumer.js'

/** `npm run bench -- micro-certifications` measures how much of it is taken. */
const LIMIT_MS = 5_000

let consumer: NewConsumer
beforeAll(async () => {
  consumer = await openNewConsumer()
}, 60_000)
afterAll(() => consumer.close())

describe('from a record to a reviewer', () => {
  it('R6.6 a new consumer is asked about by the timer alone, whose pause leaves most of the five seconds', async () => {
    expect(TRIGGERS_EVERY_MS).toBeLessThanOrEqual(LIMIT_MS / 4)
    await consumer.turnsPass(2)
    expect(await consumer.asked()).toEqual([])
    await consumer.appear()
    while ((await consumer.asked()).length === 0) await sleep(20)
    expect(await consumer.asked()).toContain('issue/web')
  })
})
