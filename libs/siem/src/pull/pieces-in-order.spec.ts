import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { ReadPiece } from './piece.js'
import { piecesInOrder } from './pieces-in-order.js'

const QUESTION = { format: 'ocsf', filter: {}, joint: '\n' } as const

/** A fake feed of these sequences; each piece holds their numbers, and comes after `waitMs` of the order in which it was asked for. */
function fakeReader(feed: readonly number[], waitMs: (asked: number) => number): ReadPiece {
  let asked = 0
  return async ({ after, eventsMax }) => {
    await new Promise((resolve) => setTimeout(resolve, waitMs(asked++)))
    const found = feed.filter((sequence) => sequence > after).slice(0, eventsMax)
    const last = found.at(-1)
    return {
      bytes: Buffer.from(found.join(',')),
      count: found.length,
      tells: undefined,
      withheld: [],
      reached: last === undefined ? undefined : { sequence: last },
      eventsRead: found.length,
    }
  }
}

async function sequencesOf(readers: Parameters<typeof piecesInOrder>[0], from: { after: number; eventsMax: number }): Promise<number[]> {
  const sequences: number[] = []
  for await (const { bytes } of piecesInOrder(readers, QUESTION, from))
    sequences.push(...Buffer.from(bytes).toString().split(',').map(Number))
  return sequences
} // prettier-ignore

describe('pieces that several readers make at once', () => {
  it('R8.1 come in the order of the feed, each event once, however fast each reader is and whatever is no longer there', async () => {
    const feeds = fc.tuple(fc.integer({ min: 1, max: 4_000 }), fc.integer({ min: 0, max: 900 }))
    const waits = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }))
    await fc.assert(
      fc.asyncProperty(feeds, waits, fc.integer({ min: 1, max: 5_000 }), async ([size, missing], [one, other], eventsMax) => {
        const feed = Array.from({ length: size }, (_, index) => index + 1).slice(missing)
        const readers = [fakeReader(feed, () => one), fakeReader(feed, (asked) => other * (asked % 2))] as const
        expect(await sequencesOf(readers, { after: 0, eventsMax })).toEqual(feed.slice(0, eventsMax))
      }),
      { numRuns: 60 },
    )
  }, 30_000) // prettier-ignore

  it('R8.1 fail where one reader does, and give nothing behind the fault', async () => {
    const feed = Array.from({ length: 2_000 }, (_, index) => index + 1)
    const broken: ReadPiece = () => Promise.reject(new Error('the database is away'))
    const got: number[] = []
    const all = async (): Promise<void> => {
      for await (const { count } of piecesInOrder([fakeReader(feed, () => 0), broken], QUESTION, { after: 0, eventsMax: 2_000 })) got.push(count) // prettier-ignore
    }
    await expect(all()).rejects.toThrow('the database is away')
    expect(got).toEqual([500])
  })
})
