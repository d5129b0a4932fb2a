import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { connect } from '@catena/platform'
import { testBrokerOrSkip } from '@catena/testing'
import kafkajs from 'kafkajs'
import { commitProxy, type CommitProxy, type Verdict } from './commit-proxy.js'
import { databaseProxy, type DatabaseProxy } from './database-proxy.js'
import { expectAll } from './kafka-expect.js'
import { GROUP, KafkaField, TOPIC } from './kafka-field.js'
import { chance, numbers, shuffled } from './kafka-feed.js'
import type { Member } from './start-ingest.js'

jest.setTimeout(300_000)
const broker = await testBrokerOrSkip({ exclusive: true })
const describeKafka = broker === undefined ? describe.skip : describe
let field: KafkaField
let proxy: CommitProxy | DatabaseProxy | undefined
let startedMs: number

beforeAll(async () => {
  if (broker !== undefined) field = await KafkaField.open(broker)
})
beforeEach(async () => {
  if (broker !== undefined) await field.createTopic()
  startedMs = performance.now()
})
afterEach(async () => {
  await proxy?.close()
  proxy = undefined
  if (broker !== undefined) await field.clear()
})
afterAll(async () => {
  if (broker !== undefined) await field.close()
})

describeKafka('an ingest process killed with SIGKILL', () => {
  it('R1.9 in mid-stream: the others and its successor take all of it over', async () => {
    const [victim] = await Promise.all([field.join(), field.join()])
    const sending = field.send(numbers(0, 40_000))
    await field.untilStored(8_000)
    const inFlight = await field.behind()
    victim.kill('SIGKILL')
    expect(await victim.ended).toBe('SIGKILL')
    await field.join()
    await sending
    await expectAll(field, { fault: 'ingest killed in mid-stream', inFlight, startedMs, repeated: 0 })
  })

  it.each<[string, Verdict, boolean]>([
    ['R1.9 after COPY and before COMMIT: nothing of its batch is visible', 'hold', false],
    ['R1.9 after COMMIT and before the offset is told to Kafka: nothing is stored twice', 'lose-answer', true],
  ])('%s', async (_, verdict, isStored) => {
    await field.send(numbers(0, 20_000))
    const victim: { member?: Member } = {}
    let batches = 0
    proxy = await commitProxy(
      field.databaseUrl,
      // Two COPYs: ids and events. The third batch, so that there is something before it.
      ({ copies }) => (copies === 2 && ++batches === 3 ? verdict : 'pass'),
      () => victim.member?.kill('SIGKILL'),
    )
    victim.member = field.start({ databaseUrl: proxy.databaseUrl })
    expect(await victim.member.ended).toBe('SIGKILL')
    const [inFlight, stored, told] = [await field.behind(), await field.ledger.head(), await offsetsTold()]
    // What Kafka was told is behind what the ledger holds: only the ledger's offset can tell that the batch is stored.
    expect([told < stored, stored > 0]).toEqual([true, true])
    await field.join()
    const fault = isStored ? 'ingest killed after COMMIT, before the Kafka commit' : 'ingest killed before COMMIT'
    await expectAll(field, { fault, inFlight, startedMs, repeated: 0 })
  })

  /** Sum of the offsets that the group committed to the broker. */
  async function offsetsTold(): Promise<number> {
    const [told] = await field.admin.fetchOffsets({ groupId: GROUP, topics: [TOPIC] })
    return (told?.partitions ?? []).reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0)
  }
})

describeKafka('an ingest process stopped for longer than its session', () => {
  it('R1.9 between reading and storing a batch rolls back when it wakes, for another took its partitions', async () => {
    await field.send(numbers(0, 20_000))
    const sleeper: { member?: Member } = {}
    let wake: () => void = () => undefined
    const awake = new Promise<void>((resolve) => (wake = resolve))
    proxy = await databaseProxy(field.databaseUrl, (begin) => {
      if (begin !== 2) return undefined
      sleeper.member?.kill('SIGSTOP')
      return awake
    })
    sleeper.member = field.start({ databaseUrl: proxy.databaseUrl })
    await field.untilStored(1)
    await sleep(300)
    const inFlight = await field.behind()
    await field.join()
    // The session of the sleeper ends meanwhile, and its partitions go to the other.
    await field.untilRead()
    wake()
    sleeper.member.kill('SIGCONT')
    await sleeper.member.says('another consumer has moved the lane')
    await field.send(numbers(20_000, 21_000))
    await expectAll(field, {
      fault: 'ingest stopped past its session, then continued',
      inFlight,
      startedMs,
      repeated: 0,
    })
  })
})

describeKafka('members of the group', () => {
  it('R1.9 share the partitions, and give them on when they leave', async () => {
    const members = await Promise.all([field.join(), field.join(), field.join()])
    await field.until(async () => (await assigned()).join() === '2,2,2', 'each of three members has two partitions')
    const sending = field.send(numbers(0, 30_000))
    await field.untilStored(5_000)
    const inFlight = await field.behind()
    members[0].kill('SIGTERM')
    expect(await members[0].ended).toBe(0)
    await field.until(async () => (await assigned()).join() === '3,3', 'the two others have three each')
    await sending
    await expectAll(field, { fault: 'three ingest processes share, one leaves', inFlight, startedMs, repeated: 0 })
  })

  it('R1.9 that join and leave while a batch is under way store it once', async () => {
    await field.send(numbers(0, 30_000))
    const members = [await field.join()]
    const other = await connect(field.databaseUrl, { applicationName: 'spec', idleInTransactionTimeoutMs: 60_000 })
    let inFlight = 0
    for (const round of [1, 2, 3]) {
      // The batch under way waits for the head of the ledger, while the group rebalances around it.
      await other.query('BEGIN; SELECT FROM ledger_head FOR UPDATE')
      await field.send(numbers(30_000 * round, 30_000 * round + 3_000))
      inFlight = Math.max(inFlight, await field.behind())
      members.push(field.start())
      await members.at(-1)?.says('"started"')
      if (round === 2) members[0]?.kill('SIGTERM')
      await sleep(1_500)
      await other.query('ROLLBACK')
      await field.until(async () => (await assigned()).length === (round === 1 ? 2 : round), 'the group is whole')
    }
    await other.end()
    await expectAll(field, { fault: 'rebalances in mid-batch', inFlight, startedMs, repeated: 0 })
  })

  it('R1.9 whose offsets in Kafka were reset to 0 change nothing', async () => {
    await field.send(numbers(0, 10_000))
    const first = await field.join()
    await field.untilRead()
    first.kill('SIGTERM')
    await first.ended
    await field.admin.resetOffsets({ groupId: GROUP, topic: TOPIC, earliest: true })
    const head = await field.ledger.head()
    await field.join()
    await field.send(numbers(10_000, 10_500))
    await expectAll(field, { fault: 'group offsets reset to 0', inFlight: head, startedMs, repeated: 0 })
    expect(await field.ledger.head()).toBe(head + 500)
  })

  /** Partitions of each member, fewest first. */
  async function assigned(): Promise<number[]> {
    const { groups } = await field.admin.describeGroups([GROUP])
    const members = groups[0]?.state === 'Stable' ? groups[0].members : []
    return members
      .map(({ memberAssignment }) => kafkajs.AssignerProtocol.MemberAssignment.decode(memberAssignment))
      .map((assignment) => assignment?.assignment[TOPIC]?.length ?? 0)
      .sort()
  }
})

describeKafka('a clock that jumps', () => {
  it('R1.9 a year back, an hour and half a century ahead loses and repeats nothing', async () => {
    const preload = join(import.meta.dirname, 'jumping-clock.mjs')
    const order = shuffled(numbers(0, 20_000), chance(4))
    await Promise.all([field.join({ preload }), field.join()])
    const sending = field.send(order)
    await field.untilStored(2_000)
    const inFlight = await field.behind()
    await sending
    await expectAll(field, { fault: 'clock of an ingest process jumps', inFlight, startedMs, repeated: 0 })
  })
})
