import { describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import type { WakeSignal } from '@catena/platform'
import { allDelivered, type Sink } from '../sinks/sink.js'
import { sampleOf } from '../testing/samples.js'
import { readDestination } from './destinations/read-destination.js'
import { PATIENCE } from './patience.js'
import { BATCH_EVENTS_MAX, Sender } from './sender.js'

const IMPATIENT = { ...PATIENCE, firstWaitMs: 1, waitMaxMs: 5 }
const ADDITION = { id: 'spec', added: 1, after: 0 }
const destination = readDestination({ id: 'spec', kind: 'files', format: 'ecs', target: { folder: '/nowhere' } }, [])

/** A fake pool that holds a feed of so many events; `failing` says which reads of the feed (from 1) the database does not answer. */
function fakePool(total: number, failing: (read: number) => boolean): pg.Pool {
  const checkpoint = { sequence: 0, epoch: 0, added: 1 }
  const rows = Array.from({ length: total }, (_, index) => {
    const { id, revision, hash, recordedAt, content } = sampleOf('login', {}, index + 1)
    return { sequence: String(index + 1), id, revision, content_hash: hash, recorded_ms: String(recordedAt), content: JSON.stringify(content) } // prettier-ignore
  })
  let reads = 0
  const query = (asked: string | { name: string; values: number[] }): Promise<unknown> => {
    if (typeof asked === 'string') return Promise.resolve({ rows: [{ sequence: String(total) }] })
    if (asked.name === 'export-checkpoint') return Promise.resolve({ rows: [checkpoint] })
    const [first = 0, second = 0] = asked.values
    if (asked.name === 'feed-read') {
      if (failing(++reads)) return Promise.reject(new Error('the database is away'))
      return Promise.resolve({ rows: rows.slice(first, first + second) })
    }
    checkpoint.sequence = asked.values[3] ?? 0
    return Promise.resolve({ rowCount: 1 })
  }
  return { query } as unknown as pg.Pool
}

describe('a sender whose database fails while it reads ahead', () => {
  it('R8.1 reads again, and sends everything once the database is back', async () => {
    const total = 3 * BATCH_EVENTS_MAX + 7
    const got: number[] = []
    let done: () => void = () => undefined
    const all = new Promise<void>((resolve) => (done = resolve))
    const sink: Sink = {
      unacknowledgedMax: 0,
      send: (batch) => {
        got.push(...batch.map(({ event }) => event.sequence))
        if (got.at(-1) === total) done()
        return Promise.resolve(allDelivered(batch))
      },
      close: () => Promise.resolve(),
    }
    const signal = { next: () => new Promise((resolve) => setTimeout(resolve, 5)) } as unknown as WakeSignal
    const pool = fakePool(total, (read) => read === 2 || read === 4)
    const sender = new Sender({ destination, addition: ADDITION, sink, pool, signal, clock: { now: () => 1 }, patience: IMPATIENT, random: () => 0, onClosed: () => undefined }) // prettier-ignore
    sender.start()
    await all
    await sender.stop()
    expect(got).toEqual(Array.from({ length: total }, (_, index) => index + 1))
  })
})

describe('a sender whose clock is set back', () => {
  it('R8.1 goes on telling that it is alive', async () => {
    const kinds: string[] = []
    let now = Date.UTC(2026, 10, 23, 5)
    let beat: () => void = () => undefined
    const beaten = new Promise<string>((resolve) => (beat = () => resolve('beaten')))
    const sink: Sink = {
      unacknowledgedMax: 0,
      send: (batch) => {
        kinds.push(...batch.map(({ event }) => event.content.kind))
        if (kinds.includes('heartbeat')) beat()
        return Promise.resolve(allDelivered(batch))
      },
      close: () => Promise.resolve(),
    }
    const signal = { next: () => new Promise((resolve) => setTimeout(resolve, 5)) } as unknown as WakeSignal
    const patience = { ...IMPATIENT, heartbeatEveryMs: 50 }
    const sender = new Sender({ destination, addition: ADDITION, sink, pool: fakePool(1, () => false), signal, clock: { now: () => now }, patience, random: () => 0, onClosed: () => undefined }) // prettier-ignore
    now -= 3_600_000
    sender.start()
    expect(await Promise.race([beaten, new Promise((resolve) => setTimeout(resolve, 2_000, 'silent'))])).toBe('beaten')
    await sender.stop()
  })
})
