import { MemoryLedger, type DecisionStreams } from '@catena/ledger'
import { describe, expect, it } from '@jest/globals'
import type { EvidenceRead } from './evidence-read.js'
import { ReadRecorder } from './read-recorder.js'

const clock = { now: () => 1_000 }
const openLedger = (): DecisionStreams & Pick<MemoryLedger, 'head'> => new MemoryLedger(clock)
const read = (number: number): EvidenceRead => ({
  caller: 'person:a', operation: undefined, queryHash: `h${number}`, fields: ['Evidence.record'], shown: [`EvidenceRecord:${number}`], request: undefined,
}) // prettier-ignore

describe('reads that come together', () => {
  it('R7.2 share transactions, and each is durable before it is answered', async () => {
    const ledger = openLedger()
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

describe('a read', () => {
  it('R7.2 is written without waking whatever folds the ledger', async () => {
    const ledger = openLedger()
    const manners: unknown[] = []
    const recorder = new ReadRecorder(
      { appendDecisions: (...args) => (manners.push(args[3]), ledger.appendDecisions(...args)) },
      clock,
    )
    await recorder.record(read(1))
    expect(manners).toEqual([{ wakes: false }])
  })
})

describe('questions that are being answered', () => {
  it('R7.2 share a transaction though their answers are ready one after the other; who is alone waits for nobody', async () => {
    const ledger = openLedger()
    let transactions = 0
    const recorder = new ReadRecorder(
      { appendDecisions: (...args) => ((transactions += 1), ledger.appendDecisions(...args)) },
      clock,
    )
    const ready = Array.from({ length: 5 }, () => recorder.expect())
    await Promise.all(
      ready.map(async (isReady, number) => {
        await new Promise((later) => setTimeout(later, number))
        isReady()
        await recorder.record(read(number))
      }),
    )
    expect([transactions, await ledger.head()]).toEqual([1, 5])
    for (let number = 0; number < 20; number++) {
      recorder.expect()()
      const written = recorder.record(read(number)).then(() => 'written')
      expect(await Promise.race([written, new Promise((later) => setImmediate(later, 'waits'))])).toBe('written')
    }
  })

  it('R7.2 that never end hold nobody up for more than a moment', async () => {
    const ledger = openLedger()
    const recorder = new ReadRecorder(ledger, clock)
    recorder.expect()
    // Of two timers that are due, however late, the one that was to end first does.
    const aSecond = new Promise((over) => setTimeout(over, 1_000, 'still waits'))
    expect(await Promise.race([recorder.record(read(1)).then(() => 'written'), aSecond])).toBe('written')
    expect(await ledger.head()).toBe(1)
  })
})

describe('a read that could not be written', () => {
  it('R7.2 is told, and the next ones are written where no doubt is left', async () => {
    const ledger = openLedger()
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
