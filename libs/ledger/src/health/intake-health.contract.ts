import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DecisionStreams } from '../decisions.js'
import { decision, quarantined, record, records } from '../ledger-samples.js'
import type { Ledger } from '../port.js'
import type { IntakeHealth } from './intake-health.js'

type WatchedLedger = Ledger & DecisionStreams & IntakeHealth

const HOUR_MS = 3_600_000

/** What every ledger tells of its intake. */
export function intakeHealthContract(name: string, store: { open(): WatchedLedger; clear(): Promise<void> }): void {
  describe(`the health of the intake of a ${name}`, () => {
    let ledger: WatchedLedger
    beforeEach(() => {
      ledger = store.open()
    })
    afterEach(async () => {
      await ledger.close()
      await store.clear()
    })

    it('accounts for nothing where nothing came', async () => {
      expect(await ledger.conservation()).toEqual({ lanes: [], head: 0, missingEvents: 0, holds: true })
      expect(await ledger.delays()).toEqual([])
    })

    it('accounts for every record, offset and event, lane by lane (R2.7)', async () => {
      const kafka = 'kafka:c1/catena.vault/0'
      await ledger.append({
        records: [...records(0, 5), record('o1', { source: 'okta' }), record('r0')],
        quarantined: [quarantined('q')],
        advance: { lane: kafka, expected: undefined, first: 100n, next: 110n, holes: 2 },
      })
      await ledger.append({
        records: records(3, 8),
        quarantined: [],
        advance: { lane: 'file:a', expected: undefined, next: 4096n, holes: 1 },
      })
      await ledger.append({ records: [record('direct')], quarantined: [] })
      await ledger.appendDecisions('review-1', 0, [decision('ReviewOpened'), decision('ReviewClosed')])
      const complete = { missingRecords: 0 }
      expect(await ledger.conservation()).toEqual({
        head: 12,
        missingEvents: 0,
        holds: true,
        lanes: [
          { lane: 'direct', read: 1, stored: 1, duplicates: 0, quarantined: 0, holes: 0, offsets: undefined, missingOffsets: undefined, ...complete },
          { lane: 'file:a', read: 5, stored: 3, duplicates: 2, quarantined: 0, holes: 1, offsets: undefined, missingOffsets: undefined, ...complete },
          { lane: kafka, read: 8, stored: 6, duplicates: 1, quarantined: 1, holes: 2, offsets: 10, missingOffsets: 0, ...complete },
        ],
      }) // prettier-ignore
    })

    it('names what a lane consumed and nothing accounts for', async () => {
      const advance = { lane: 'kafka:c1/catena.vault/0', expected: undefined, next: 7n, holes: 1 }
      await ledger.append({ records: records(0, 3), quarantined: [], advance })
      const { lanes, holds } = await ledger.conservation()
      expect(lanes).toMatchObject([{ offsets: 7, read: 3, holes: 1, missingOffsets: 3, missingRecords: 0 }])
      expect(holds).toBe(false)
    })

    it('does not take a record without a time for a sign of life of its moment of receipt (R2.7)', async () => {
      const old = record('old', { occurredAt: Date.UTC(2026, 0, 1) })
      const timeless = record('timeless', { occurredAt: Date.now(), isTimed: false })
      await ledger.append({ records: [timeless], quarantined: [] })
      expect(await ledger.intake()).toMatchObject([{ stored: 1, lastOccurredAt: undefined }])
      await ledger.append({ records: [old, timeless], quarantined: [] })
      expect(await ledger.intake()).toMatchObject([{ stored: 2, lastOccurredAt: Date.UTC(2026, 0, 1) }])
    })

    it('R2.7 takes a record that is dated ahead for a sign of life of its receipt, once', async () => {
      const ahead = record('ahead', { occurredAt: Date.UTC(2090, 0, 1) })
      const before = Date.now()
      await ledger.append({ records: [ahead], quarantined: [] })
      const after = Date.now()
      const [heard] = await ledger.intake()
      expect(heard?.lastOccurredAt).toBeGreaterThanOrEqual(before)
      expect(heard?.lastOccurredAt).toBeLessThanOrEqual(after)
      while (Date.now() === after) await sleep(1)
      await ledger.append({ records: [record('old', { occurredAt: Date.UTC(2025, 0, 1) }), ahead], quarantined: [] })
      expect(await ledger.intake()).toMatchObject([{ stored: 2, duplicates: 1, lastOccurredAt: heard?.lastOccurredAt }])
    })

    it('tells how far records are behind what they tell of, per source', async () => {
      const now = Date.now()
      const late = [1, 2, 9].map((hours) => record(`late${hours}`, { occurredAt: now - hours * HOUR_MS }))
      const ahead = record('ahead', { source: 'okta', occurredAt: now + 10 * HOUR_MS })
      await ledger.append({ records: [...late, ahead], quarantined: [] })
      await ledger.appendDecisions('review-1', 0, [decision('ReviewOpened')])
      const delays = await ledger.delays()
      const inHours = (ms: number): number => Math.floor((ms + 60_000) / HOUR_MS)
      expect(
        delays.map((delay) => ({ ...delay, medianMs: inHours(delay.medianMs), greatestMs: inHours(delay.greatestMs) })),
      ).toEqual([
        { source: 'okta', records: 1, medianMs: -10, greatestMs: -10 },
        { source: 'vault-prod', records: 3, medianMs: 2, greatestMs: 9 },
      ])
    })
  })
}
