import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { LedgerUnavailable } from './errors.js'
import { JoinedAppends } from './joined-appends.js'
import { batch, quarantined, record, records } from './ledger-samples.js'
import { MemoryLedger } from './memory-ledger.js'
import type { BatchOutcome, RecordBatch } from './port.js'

/** Over a ledger in memory whose turns come one after the other; `fails` names what is wrong with a batch. */
function joinedOver(fails: (batch: RecordBatch) => Error | undefined = () => undefined) {
  const ledger = new MemoryLedger()
  const stored: number[] = []
  let last: Promise<unknown> = new Promise((resolve) => setImmediate(resolve))
  const appends = new JoinedAppends((take) => {
    const turn = last.then(async () => {
      const taken = take()
      const error = fails(taken)
      if (error !== undefined) throw error
      stored.push(taken.records.length + taken.quarantined.length)
      return { outcome: await ledger.append(taken), tallies: [], rows: [] }
    })
    last = turn.catch(() => undefined)
    return turn
  })
  return { ledger, stored, append: (each: RecordBatch) => appends.append(each) }
}

const told = ({ stored, duplicates, quarantined, admitted }: BatchOutcome) => ({
  stored,
  duplicates,
  quarantined,
  records: admitted.records.map(({ recordId }) => recordId.toString('hex')),
  quarantinedIds: admitted.quarantined.map(({ recordId }) => recordId.toString('hex')),
})

describe('batches that wait for their turn', () => {
  it('R1.9 are stored together, each with its own outcome', async () => {
    const { stored, append } = joinedOver()
    const outcomes = await Promise.all([
      append(batch(records(0, 3))),
      append(batch(records(2, 5))),
      append({ records: [], quarantined: [quarantined('odd')] }),
    ])
    expect(stored).toEqual([7])
    expect(outcomes.map(({ stored, duplicates, quarantined }) => [stored, duplicates, quarantined])).toEqual([[3, 0, 0], [2, 1, 0], [0, 0, 1]]) // prettier-ignore
    expect(outcomes[1].admitted.records.map(({ recordId }) => recordId)).toEqual(
      records(3, 5).map(({ recordId }) => recordId),
    )
  })

  it('R1.9 come out as one after the other, whatever they repeat', async () => {
    const one = fc.array(fc.tuple(fc.boolean(), fc.nat(8)), { maxLength: 6 })
    const known = records(0, 9)
    await fc.assert(
      fc.asyncProperty(fc.array(one, { maxLength: 6 }), async (drawn) => {
        const batches = drawn.map((items) => ({
          records: items.filter(([isRecord]) => isRecord).map(([, id]) => known[id]!),
          quarantined: items.filter(([isRecord]) => !isRecord).map(([, id]) => quarantined(`q${id}`)),
        }))
        const { ledger, append } = joinedOver()
        const joined = await Promise.all(batches.map(append))
        const alone = new MemoryLedger()
        const single: BatchOutcome[] = []
        for (const each of batches) single.push(await alone.append(each))
        expect(joined.map(told)).toEqual(single.map(told))
        expect((await ledger.read(0, 99)).map(({ recordId }) => recordId)).toEqual((await alone.read(0, 99)).map(({ recordId }) => recordId)) // prettier-ignore
        const counted = (await ledger.intake()).map(({ read, stored, duplicates }) => [read, stored, duplicates])
        expect(counted).toEqual(
          (await alone.intake()).map(({ read, stored, duplicates }) => [read, stored, duplicates]),
        )
      }),
    )
  })

  it('are stored in several turns where they are many, and in the order in which they came', async () => {
    const { ledger, stored, append } = joinedOver()
    const sizes = [600, 300, 200, 5_000, 10]
    let from = 0
    await Promise.all(sizes.map((size) => append(batch(records(from, (from += size))))))
    expect(stored).toEqual([900, 200, 5_000, 10])
    const ids = (await ledger.read(0, 10_000)).map(({ recordId }) => recordId)
    expect(ids).toEqual(records(0, from).map(({ recordId }) => recordId.toString('hex')))
  })

  it('are stored in several turns where their payloads are large', async () => {
    const { stored, append } = joinedOver()
    const large = (id: string) => append(batch([record(id, { payload: Buffer.alloc(3 * 1024 * 1024) })]))
    await Promise.all(['a', 'b'].map(large))
    expect(stored).toEqual([1, 1])
  })

  it('fail alone for a reason of their own', async () => {
    const { stored, append } = joinedOver(({ records: taken }) =>
      taken.some(({ type }) => type === 'bad') ? new RangeError('bad') : undefined,
    )
    const settled = await Promise.allSettled([
      append(batch(records(0, 2))),
      append(batch([record('x', { type: 'bad' })])),
      append(batch(records(2, 4))),
    ])
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(stored).toEqual([2, 2])
  })

  it('all fail where the ledger is not available, and what comes later is stored', async () => {
    let isAway = true
    const { stored, append } = joinedOver(() => (isAway ? new LedgerUnavailable('away') : undefined))
    const settled = await Promise.allSettled([append(batch(records(0, 2))), append(batch(records(2, 4)))])
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    isAway = false
    expect(await append(batch(records(0, 4)))).toMatchObject({ stored: 4, duplicates: 0 })
    expect(stored).toEqual([4])
  })
})

describe('whoever waits when no turn comes', () => {
  it('is told so, all of them', async () => {
    const appends = new JoinedAppends(() => Promise.reject(new LedgerUnavailable('no connection')))
    const settled = await Promise.allSettled([0, 600, 1_200].map((from) => appends.append(batch(records(from, from + 600))))) // prettier-ignore
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  })
})
