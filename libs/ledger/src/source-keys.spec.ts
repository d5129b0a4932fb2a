import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { emptyLedger, startTestPostgres, type TestPostgres } from '@catena/testing'
import { batch, positionsOf, records } from './ledger-samples.js'
import { PostgresLedger } from './postgres-ledger.js'

let database: TestPostgres
let ledger: PostgresLedger

beforeAll(async () => {
  database = await startTestPostgres()
}, 60_000)

afterAll(() => database.stop())

beforeEach(() => {
  ledger = new PostgresLedger({ databaseUrl: database.databaseUrl })
})

afterEach(async () => {
  await ledger.close()
  await emptyLedger(database.databaseUrl)
})

/** Record ids in the order of their positions, which are contiguous. */
async function storedIds(): Promise<string[]> {
  const events = await ledger.read(0, 100_000)
  expect(positionsOf(events)).toEqual(events.map((_, index) => index + 1))
  return events.map(({ recordId }) => recordId)
}

const idsOf = (from: number, to: number): string[] => records(from, to).map(({ recordId }) => recordId.toString('hex'))

/** Long enough that its keys are not looked up before they are written. */
const MANY = 5_000

describe('a batch of many records', () => {
  it('is stored once where all of it, some of it or none of it was known (R1.9)', async () => {
    const outcomes = []
    const ranges = [[0, MANY], [0, MANY], [MANY - 1, 2 * MANY], [2 * MANY, 3 * MANY], [3 * MANY, 4 * MANY], [1, 4 * MANY + 1]] // prettier-ignore
    for (const [from, to] of ranges) outcomes.push(await ledger.append(batch(records(from!, to!))))
    expect(outcomes.map(({ stored, duplicates, head }) => [stored, duplicates, head])).toEqual([
      [MANY, 0, MANY],
      [0, MANY, MANY],
      [MANY, 1, 2 * MANY],
      [MANY, 0, 3 * MANY],
      [MANY, 0, 4 * MANY],
      [1, 4 * MANY - 1, 4 * MANY + 1],
    ])
    expect(await storedIds()).toEqual(idsOf(0, 4 * MANY + 1))
  }, 60_000)

  it('may repeat itself (R1.9)', async () => {
    const twice = [...records(0, MANY), ...records(0, MANY)]
    expect(await ledger.append(batch(twice))).toMatchObject({ stored: MANY, duplicates: MANY })
    expect(await storedIds()).toEqual(idsOf(0, MANY))
  }, 60_000)

  it('is stored whole by a connection to which its one known record was news (R1.9)', async () => {
    await ledger.append(batch(records(0, 1)))
    const advance = { lane: 'l', expected: undefined, next: 9n, holes: 0 }
    const outcome = await ledger.append({ ...batch(records(0, MANY).reverse()), advance })
    expect(outcome).toMatchObject({ stored: MANY - 1, duplicates: 1, head: MANY })
    expect(await storedIds()).toEqual([...idsOf(0, 1), ...idsOf(1, MANY).reverse()])
    expect(await ledger.laneOffset('l')).toBe(9n)
    expect(await ledger.intake()).toMatchObject([
      { lane: 'direct', stored: 1 },
      { lane: 'l', read: MANY, duplicates: 1 },
    ])
  }, 60_000)

  it('leaves nothing where one of it cannot be stored: its others are news when they come again (R1.9, R7.1)', async () => {
    const [first, ...others] = records(0, 300)
    await expect(ledger.append(batch([...others, { ...first!, occurredAt: NaN }]))).rejects.toThrow(
      'an event needs a time',
    )
    expect(await ledger.append(batch(others))).toMatchObject({ stored: 299, duplicates: 0, head: 299 })
    expect(await storedIds()).toEqual(idsOf(1, 300))
  })

  it('of several callers fails for the one whose record cannot be stored, and is stored for the others (R1.9, R7.1)', async () => {
    const sent = [
      records(0, 200),
      [...records(200, 399), { ...records(399, 400)[0]!, occurredAt: NaN }],
      records(400, 600),
    ]
    const settled = await Promise.allSettled(sent.map((own) => ledger.append(batch(own))))
    const stored = settled.map((each) => (each.status === 'fulfilled' ? each.value.stored : String(each.reason)))
    expect(stored).toEqual([200, 'RangeError: an event needs a time', 200])
    expect(await storedIds()).toEqual([...idsOf(0, 200), ...idsOf(400, 600)])
    expect(await ledger.append(batch(records(200, 400)))).toMatchObject({ stored: 200, duplicates: 0 })
  })
})
