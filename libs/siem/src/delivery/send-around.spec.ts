import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { BatchRefused, ReceiverUnavailable, type Outgoing, type Sink } from '../sinks/sink.js'
import { sampleOf } from '../testing/samples.js'
import { sendAround } from './send-around.js'

const NEVER = new AbortController().signal

interface FakeReceiver extends Sink {
  /** Sequences in the order in which they were taken. */
  readonly taken: number[]
}

/** A fake receiver that refuses a batch with a poisonous event in it, and is away from its `goneAfter`th batch on. */
function fakeReceiver(poison: ReadonlySet<number>, goneAfter = Infinity): FakeReceiver {
  const taken: number[] = []
  let batches = 0
  return {
    taken,
    unacknowledgedMax: 0,
    send: (batch) => {
      if (++batches > goneAfter) return Promise.reject(new ReceiverUnavailable('away'))
      if (batch.some(({ event }) => poison.has(event.sequence))) return Promise.reject(new BatchRefused('poison'))
      taken.push(...batch.map(({ event }) => event.sequence))
      return Promise.resolve(batch.map(() => 'delivered' as const))
    },
    close: () => Promise.resolve(),
  }
}

const batchOf = (size: number): Outgoing[] =>
  Array.from({ length: size }, (_, index) => ({ event: sampleOf('login', {}, index + 1), text: '{}' }))
const sizes = fc.integer({ min: 1, max: 40 })
const poisons = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 5 })

describe('a batch of which the receiver took a part', () => {
  const refused = { refused: 'too large' }

  it('R8.1 is settled as far as that, and what it refused one by one is dead and not delivered', async () => {
    const sink = (results: readonly ('delivered' | typeof refused)[]): Sink => ({ ...fakeReceiver(new Set()), send: () => Promise.resolve(results) }) // prettier-ignore
    const whole = await sendAround(sink(['delivered', refused, 'delivered']), batchOf(3), NEVER)
    expect(whole).toMatchObject({ count: 3, delivered: 2, dead: [{ event: { sequence: 2 }, reason: 'too large' }] })
    expect(whole.fault).toBe(undefined)
    const part = await sendAround(sink(['delivered', refused]), batchOf(3), NEVER)
    expect(part).toMatchObject({ count: 2, delivered: 1 })
    expect(part.fault).toBeInstanceOf(ReceiverUnavailable)
  })

  it('R8.1 goes no further where the receiver was away for a moment, though it is back', async () => {
    const { send, ...receiver } = fakeReceiver(new Set([1, 8]))
    let batches = 0
    const away = { ...receiver, send: (...asked: Parameters<typeof send>) => ++batches === 2 ? Promise.reject(new ReceiverUnavailable('away')) : send(...asked) } // prettier-ignore
    const { count, fault } = await sendAround(away, batchOf(8), NEVER)
    expect([count, receiver.taken, fault]).toEqual([0, [], new ReceiverUnavailable('away')])
  })
})

describe('a batch that is refused for what is in it', () => {
  it('R8.1 leaves the others delivered in their order, and only what is at fault dead, with the reason', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, poisons, async (size, poison) => {
        const receiver = fakeReceiver(new Set(poison))
        const settled = await sendAround(receiver, batchOf(size), NEVER)
        const sequences = Array.from({ length: size }, (_, index) => index + 1)
        expect(receiver.taken).toEqual(sequences.filter((one) => !poison.includes(one)))
        expect(settled.dead.map(({ event }) => event.sequence)).toEqual(sequences.filter((one) => poison.includes(one)))
        expect(settled.dead.every(({ reason }) => reason === 'poison')).toBe(true)
        expect([settled.count, settled.delivered, settled.fault]).toEqual([size, receiver.taken.length, undefined])
      }),
    )
  })

  it('R8.1 is settled only as far as the receiver answered, where it goes away on the way', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, poisons, fc.integer({ min: 0, max: 12 }), async (size, poison, goneAfter) => {
        const receiver = fakeReceiver(new Set(poison), goneAfter)
        const { count, delivered, dead, fault } = await sendAround(receiver, batchOf(size), NEVER)
        const settled = [...receiver.taken, ...dead.map(({ event }) => event.sequence)].sort((a, b) => a - b)
        expect(settled).toEqual(Array.from({ length: count }, (_, index) => index + 1))
        expect(delivered).toBe(receiver.taken.length)
        expect(fault instanceof ReceiverUnavailable).toBe(count < size)
      }),
    )
  })
})
