import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { LaneMoved, type IntakeReports, type Ledger, type LedgerEvent } from './port.js'
import type { ManyStreams } from './many-streams.js'
import type { Deliveries } from './deliveries/deliveries.js'
import type { Erasure } from './erase/erasure.js'
import type { IntakeHealth } from './health/intake-health.js'
import type { Quarantine } from './quarantine/quarantine.js'
import { batch, decision, idOf, NOON, positionsOf, quarantined, record, records } from './ledger-samples.js'

export type CompleteLedger = Ledger & ManyStreams & IntakeReports & Erasure & Quarantine & IntakeHealth & Deliveries

/** How a contract run gets empty ledgers; two of one store see each other's events. */
export interface LedgerStore {
  open(): CompleteLedger
  /** Drops all that was stored. */
  clear(): Promise<void>
}

/** What every ledger promises. */
export function ledgerContract(name: string, store: () => LedgerStore): void {
  describe(`a ${name}`, () => {
    let ledger: CompleteLedger
    beforeEach(() => {
      ledger = store().open()
    })
    afterEach(async () => {
      await ledger.close()
      await store().clear()
    })

    it('hands out contiguous positions from 1 in the order of appending (R7.1)', async () => {
      expect(await ledger.head()).toBe(0)
      await ledger.append(batch(records(0, 3)))
      const outcome = await ledger.append(batch(records(3, 5)))
      expect(outcome).toMatchObject({ head: 5, stored: 2, duplicates: 0, quarantined: 0 })
      const events = await ledger.read(0, 100)
      expect(positionsOf(events)).toEqual([1, 2, 3, 4, 5])
      expect(events.map(({ recordId }) => recordId)).toEqual(
        records(0, 5).map(({ recordId }) => recordId.toString('hex')),
      )
    })

    it('stores a repeated record once and counts the repetition, within and across batches (R1.9)', async () => {
      expect(await ledger.append(batch([...records(0, 3), ...records(1, 3)]))).toMatchObject({
        stored: 3,
        duplicates: 2,
      })
      const known = batch(records(2, 5))
      const outcome = await ledger.append(known)
      expect(outcome).toMatchObject({ head: 5, stored: 2, duplicates: 1, quarantined: 0 })
      expect(outcome.admitted.records).toEqual(known.records.slice(1))
    })

    it('keeps the set of record ids under any split and repetition of the same records (R1.9)', async () => {
      const expected = records(0, 12)
        .map(({ recordId }) => recordId.toString('hex'))
        .sort()
      const order = fc.shuffledSubarray(
        Array.from({ length: 36 }, (_, index) => index % 12),
        { minLength: 36 },
      )
      await fc.assert(
        fc.asyncProperty(order, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), async (indexes, sizes) => {
          await store().clear()
          const fresh = store().open()
          try {
            for (let at = 0, turn = 0; at < indexes.length; turn++) {
              const size = sizes[turn % sizes.length]!
              await fresh.append(batch(indexes.slice(at, at + size).map((index) => record(`r${index}`))))
              at += size
            }
            const events = await fresh.read(0, 100)
            expect(events.map(({ recordId }) => recordId).sort()).toEqual(expected)
            expect(positionsOf(events)).toEqual(expected.map((_, index) => index + 1))
          } finally {
            await fresh.close()
          }
        }),
        { numRuns: 15 },
      )
    })

    it('returns what was written, with microseconds and every byte (R7.1)', async () => {
      const payload = Buffer.from('{"a":"\\u0000 ü 漢 \u{1F511}"}\u0000', 'utf8')
      const written = record('exact', {
        payload,
        occurredAt: NOON + 0.123,
        subjects: [idOf('x'), idOf('y')],
        schemaVersion: 7,
      })
      await ledger.append(batch([written]))
      const [event] = await ledger.read(0, 1)
      expect(event).toMatchObject({
        stream: 'record:vault-prod',
        sourceStream: 'audit',
        source: 'vault-prod',
        type: 'read',
      })
      expect(event).toMatchObject({ occurredAt: NOON + 0.123, schemaVersion: 7 })
      expect(event!.payload!.equals(payload)).toBe(true)
    })

    it('is not stopped by a hostile type or time', async () => {
      await ledger.append(
        batch([record('nul', { type: 'a\u0000b\uD800', occurredAt: 1e300 }), record('old', { occurredAt: -1e300 })]),
      )
      const [nul, old] = await ledger.read(0, 2)
      expect(nul!.type).toBe('a\uFFFDb\uFFFD')
      expect([nul!.occurredAt, old!.occurredAt]).toEqual([Date.UTC(2250, 0), Date.UTC(1700, 0)])
    })

    it('reads after a position, at most so many, and single positions', async () => {
      await ledger.append(batch(records(0, 10)))
      expect(positionsOf(await ledger.read(4, 3))).toEqual([5, 6, 7])
      expect(await ledger.read(10, 3)).toEqual([])
      expect(positionsOf(await ledger.readAt([9, 2, 2, 77, 0, -1]))).toEqual([2, 9])
    })

    it('R7.1 tells who follows the same as who reads, however it is cut into batches and questions', async () => {
      const odd = record('odd', { type: 'a\u0000b', occurredAt: NOON + 0.1234, payload: Buffer.alloc(0), schemaVersion: 7 })
      await fc.assert(
        fc.asyncProperty(fc.array(fc.nat(4), { maxLength: 8 }), fc.integer({ min: 1, max: 7 }), async (sizes, limit) => {
          const fresh = store().open()
          let next = 0
          for (const size of sizes) {
            if (size === 0) await fresh.appendDecisions(`review-${next++}`, 0, [decision('Opened')])
            else await fresh.append(batch([...records(next, (next += size)), odd]))
          }
          const followed: LedgerEvent[] = []
          for (let reached = -1; reached !== followed.length;) {
            reached = followed.length
            followed.push(...(await fresh.readNew(reached, limit)))
            expect(followed.length - reached).toBeLessThanOrEqual(limit)
          }
          expect(followed).toEqual(await fresh.read(0, 100))
          await fresh.close()
          await store().clear()
        }),
        { numRuns: 25 },
      )
    }) // prettier-ignore

    it('moves a lane by compare-and-set and stores nothing for whoever lost it (R1.9)', async () => {
      const advance = { lane: 'kafka:c/t/0', expected: undefined, first: 10n, next: 14n, holes: 1 }
      await ledger.append({ ...batch(records(0, 3)), advance })
      expect(await ledger.laneOffset('kafka:c/t/0')).toBe(14n)
      await expect(ledger.append({ ...batch(records(3, 6)), advance })).rejects.toEqual(
        new LaneMoved('kafka:c/t/0', undefined, 14n),
      )
      const stale = { ...advance, expected: 10n }
      await expect(ledger.append({ ...batch(records(3, 6)), advance: stale })).rejects.toMatchObject({ stands: 14n })
      expect(await ledger.head()).toBe(3)
      expect(await ledger.laneOffset('unknown')).toBeUndefined()
      expect(await ledger.lanes()).toEqual([{ lane: 'kafka:c/t/0', first: 10n, next: 14n, holes: 1 }])
    })

    it('R1.9 keeps with a lane what its file held before the offset, and what it holds now where the offset stays', async () => {
      const lane = 'file:a'
      expect(await ledger.laneStand(lane)).toBeUndefined()
      const content = Buffer.alloc(16, 1)
      await ledger.append({
        ...batch(records(0, 1)),
        advance: { lane, expected: undefined, next: 9n, holes: 0, content },
      })
      expect(await ledger.laneStand(lane)).toEqual({ next: 9n, content })
      const changed = Buffer.alloc(16, 2)
      await ledger.append({ ...batch([]), advance: { lane, expected: 9n, next: 9n, holes: 0, content: changed } })
      expect(await ledger.laneStand(lane)).toEqual({ next: 9n, content: changed })
      await ledger.append({ ...batch([]), advance: { lane, expected: 9n, next: 10n, holes: 0 } })
      expect(await ledger.laneStand(lane)).toEqual({ next: 10n, content: undefined })
      const odd = { lane, expected: 10n, next: 11n, holes: 0, content: Buffer.alloc(15) }
      await expect(ledger.append({ ...batch([]), advance: odd })).rejects.toThrow(RangeError)
    })

    it('accounts for every offset consumed: next − first = read + holes (R2.7)', async () => {
      const lane = 'kafka:c/t/1'
      await ledger.append({
        ...batch(records(0, 4), [quarantined('p')]),
        advance: { lane, expected: undefined, next: 7n, holes: 2 },
      })
      await ledger.append({
        ...batch(records(2, 6), [quarantined('p')]),
        advance: { lane, expected: 7n, next: 13n, holes: 1 },
      })
      const [counts] = await ledger.intake()
      expect(counts).toMatchObject({ source: 'vault-prod', lane, read: 10, stored: 6, duplicates: 3, quarantined: 1 })
      const [state] = await ledger.lanes()
      expect(Number(state!.next - state!.first)).toBe(counts!.read + state!.holes)
    })

    it('refuses a lane that moves backwards', async () => {
      await expect(
        ledger.append({ ...batch([]), advance: { lane: 'l', expected: 5n, next: 4n, holes: 0 } }),
      ).rejects.toThrow(RangeError)
    })

    it('lists a poison record once, beside its stored neighbours (R2.7)', async () => {
      const outcome = await ledger.append(batch(records(0, 2), [quarantined('p'), quarantined('q'), quarantined('p')]))
      expect(outcome).toMatchObject({ head: 2, stored: 2, duplicates: 1, quarantined: 2 })
      expect(await ledger.append(batch([], [quarantined('q')]))).toMatchObject({
        head: 2,
        stored: 0,
        duplicates: 1,
        quarantined: 0,
      })
      const listed = await ledger.quarantine(0, 10)
      expect(listed.map(({ recordId, seen }) => [recordId, seen])).toEqual([
        [idOf('p').toString('hex'), 2],
        [idOf('q').toString('hex'), 2],
      ])
      expect(listed[0]).toMatchObject({
        reason: 'no JSON',
        lengthBytes: 9,
        locator: { door: 'file', file: 'audit.log', from: 0, to: 9 },
      })
      expect(await ledger.quarantine(listed[0]!.id, 10, 'other')).toEqual([])
    })

    it('counts per source and remembers when it was last heard (R2.7)', async () => {
      const before = Date.now()
      await ledger.append(
        batch([
          record('a', { source: 'b' }),
          record('b', { source: 'a', occurredAt: NOON + 5 }),
          record('c', { source: 'a' }),
        ]),
      )
      const [a, b] = await ledger.intake()
      expect(a).toMatchObject({ source: 'a', read: 2, stored: 2, lastOccurredAt: NOON + 5 })
      expect(b).toMatchObject({ source: 'b', read: 1, stored: 1, lastOccurredAt: NOON })
      expect(a!.lastReceivedAt).toBeGreaterThanOrEqual(before - 1)
    })

    it('takes a batch of 8,192', async () => {
      const large = batch(records(0, 8192))
      expect(await ledger.append(large)).toMatchObject({ head: 8192, stored: 8192 })
      expect(await ledger.append(large)).toMatchObject({ head: 8192, duplicates: 8192 })
      expect(await ledger.read(0, 10_000)).toHaveLength(8192)
    })

    it('wakes whoever waits for a position, and lets go after the timeout', async () => {
      await ledger.append(batch(records(0, 1)))
      await ledger.waitForAppend(0, 10_000)
      const waiting = ledger.waitForAppend(1, 10_000)
      await ledger.append(batch(records(1, 2)))
      await waiting
      const started = performance.now()
      await ledger.waitForAppend(2, 60)
      expect(performance.now() - started).toBeGreaterThan(40)
    })

    it('releases whoever waits when told to', async () => {
      const stopping = new AbortController()
      // Far longer than a test may take.
      const waiting = ledger.waitForAppend(99, 120_000, stopping.signal)
      setTimeout(() => stopping.abort(), 50)
      await waiting
      await ledger.waitForAppend(99, 120_000, stopping.signal)
    })

    it('releases whoever waits when it is closed', async () => {
      const other = store().open()
      const waiting = other.waitForAppend(99, 120_000)
      await other.close()
      await waiting
    })
  })
}
