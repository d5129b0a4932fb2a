import type { KafkaConnection, ProducedMessage } from '@catena/platform'
import { KafkaTooLarge } from '@catena/platform'
import { describe, expect, it } from '@jest/globals'
import { sampleOf } from '../testing/samples.js'
import { openKafkaSink } from './kafka.js'
import { BatchRefused, ReceiverUnavailable, type Outgoing } from './sink.js'

type Send = (messages: readonly ProducedMessage[], producer: number) => Promise<void>

/** A fake connection: `send` decides what becomes of each request; producers are counted from 1. */
function fakeConnection(send: Send): KafkaConnection {
  let producers = 0
  const producer = () => {
    const number = ++producers
    return { send: (_: string, messages: readonly ProducedMessage[]) => send(messages, number), close: () => Promise.resolve() } // prettier-ignore
  }
  return { producer, close: () => Promise.resolve() } as unknown as KafkaConnection
}

const outgoing = (sequence: number, bytes = 100): Outgoing => ({ event: sampleOf('login', {}, sequence), text: 'x'.repeat(bytes) }) // prettier-ignore
const NEVER = new AbortController().signal

describe('a broker that never answers', () => {
  it('R8.1 is given up when the attempt ends, and the next attempt has a producer of its own', async () => {
    const used: number[] = []
    const sink = openKafkaSink(fakeConnection((_, producer) => (used.push(producer), producer === 1 ? new Promise(() => undefined) : Promise.resolve())), 't', 'x') // prettier-ignore
    await expect(sink.send([outgoing(1)], AbortSignal.timeout(20))).rejects.toThrow(ReceiverUnavailable)
    expect(await sink.send([outgoing(1)], NEVER)).toEqual(['delivered'])
    expect(used).toEqual([1, 2])
  })
})

describe('a batch', () => {
  it('is sent in pieces that a broker takes, in order', async () => {
    const sent: number[][] = []
    const sink = openKafkaSink(fakeConnection((messages) => (sent.push(messages.map(({ headers }) => Number(headers?.['sequence']))), Promise.resolve())), 't', 'x') // prettier-ignore
    const batch = [
      outgoing(1, 500_000),
      outgoing(2, 400_000),
      outgoing(3, 300_000),
      outgoing(4, 2_000_000),
      outgoing(5),
    ]
    expect(await sink.send(batch, NEVER)).toHaveLength(5)
    expect(sent).toEqual([[1, 2], [3], [4], [5]])
  })

  it('is settled up to the piece that failed', async () => {
    const fail = (messages: readonly ProducedMessage[]) => (messages[0]?.headers?.['sequence'] === '3' ? Promise.reject(new Error('away')) : Promise.resolve()) // prettier-ignore
    const sink = openKafkaSink(fakeConnection(fail), 't', 'x')
    const batch = [1, 2, 3].map((sequence) => outgoing(sequence, 800_000))
    expect(await sink.send(batch, NEVER)).toHaveLength(2)
    await expect(sink.send(batch.slice(2), NEVER)).rejects.toThrow('away')
  })

  it('R8.1 that is too large is refused as such, so that the event at fault is found', async () => {
    const sink = openKafkaSink(fakeConnection(() => Promise.reject(new KafkaTooLarge('too large', undefined))), 't', 'x') // prettier-ignore
    await expect(sink.send([outgoing(1)], NEVER)).rejects.toThrow(BatchRefused)
  })
})
