import { MemoryLedger } from '@catena/ledger'
import { describe, expect, it } from '@jest/globals'
import type { EvidenceRead } from './evidence-read.js'
import { ReadRecorder } from './read-recorder.js'

const clock = { now: () => 1_000 }
const read = (number: number): EvidenceRead => ({
  caller: 'person:a', operation: undefined, queryHash: `h${number}`, fields: ['Evidence.record'], shown: [`EvidenceRecord:${number}`], request: undefined,
}) // prettier-ignore

describe('reads that come together', () => {
  it('R7.2 share transactions, and each is durable before it is answered', async () => {
    const ledger = new MemoryLedger(clock)
    let transactions = 0
    const recorder = new ReadRecorder(
      { appendDecisions: (...args) => ((transactions += 1), ledger.appendDecisions(...args)) },
      clock,
    )
    await Promise.all(
      Array.from({ length: 100 }, async (_, number) => {
        await recorder.record(read(number))
        const events = await ledger.readDecisions(0, 1_000)
        expect(events.some(({ payload }) => payload?.includes(`"h${number}"`))).toBe(true)
      }),
    )
    expect(await ledger.head()).toBe(100)
    expect(transactions).toBeLessThan(10)
  })
})

describe('a read that could not be written', () => {
  it('R7.2 is told, and the next ones are written where no doubt is left', async () => {
    const ledger = new MemoryLedger(clock)
    let fails = false
    // The worst case: it was written, and the answer was lost.
    const recorder = new ReadRecorder(
      {
        appendDecisions: async (...args) => {
          const outcome = await ledger.appendDecisions(...args)
          if (fails) throw new Error('connection lost')
          return outcome
        },
      },
      clock,
    )
    await recorder.record(read(1))
    fails = true
    await expect(recorder.record(read(2))).rejects.toThrow('connection lost')
    fails = false
    await recorder.record(read(3))
    await recorder.record(read(4))
    expect(await ledger.head()).toBe(4)
  })
})
