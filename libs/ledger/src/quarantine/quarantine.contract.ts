import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { batch, quarantined, record, records } from '../ledger-samples.js'
import type { CompleteLedger, LedgerStore } from '../ledger.contract.js'
import type { ReleaseAttempt } from './quarantine.js'

/** What every ledger promises of its quarantine. */
export function quarantineContract(name: string, store: () => LedgerStore): void {
  describe(`the quarantine of a ${name}`, () => {
    let ledger: CompleteLedger
    /** Ids of the entries p1 to p4. */
    let ids: number[]
    beforeEach(async () => {
      ledger = store().open()
      await ledger.append(batch(records(0, 3), ['p1', 'p2', 'p3'].map(quarantined)))
      await ledger.append(batch([], [{ ...quarantined('p4'), source: 'idp' }]))
      ids = (await ledger.quarantineEntries({ limit: 10 })).map(({ id }) => id)
    })
    afterEach(async () => {
      await ledger.close()
      await store().clear()
    })

    const reading = (index: number, record_ = record(`read-${index}`)): ReleaseAttempt => ({
      entry: ids[index]!,
      source: 'vault-prod',
      actor: 'person:op',
      record: record_,
    })
    const failing = (index: number, outcome: 'unreadable' | 'gone', reason: string): ReleaseAttempt => ({
      entry: ids[index]!,
      source: 'vault-prod',
      actor: 'person:op',
      outcome,
      reason,
    })
    const idsOf = (entries: readonly { readonly id: number }[]) => entries.map(({ id }) => ids.indexOf(id))

    it('stores the record of a release once, and closes the entry', async () => {
      expect(await ledger.recordReleases([reading(1)])).toMatchObject([
        { entry: ids[1], outcome: 'stored', position: 4, actor: 'person:op', isNew: true },
      ])
      expect(await ledger.readAt([4])).toMatchObject([{ type: 'read', source: 'vault-prod' }])
      expect(await ledger.quarantineEntry(ids[1]!)).toMatchObject({
        attempts: 1,
        seen: 1,
        lastAttempt: { outcome: 'stored', position: 4 },
      })
      expect(idsOf(await ledger.quarantineEntries({ limit: 10, state: 'open' }))).toEqual([0, 2, 3])
      expect(idsOf(await ledger.quarantineEntries({ limit: 10, state: 'released' }))).toEqual([1])
    })

    it('says of a second release how the first one went, and writes nothing', async () => {
      await ledger.recordReleases([reading(1)])
      const again = await ledger.recordReleases([reading(1, record('read otherwise')), reading(0)])
      expect(again).toMatchObject([
        { outcome: 'stored', position: 4, isNew: false },
        { outcome: 'stored', position: 5, isNew: true },
      ])
      expect(await ledger.head()).toBe(5)
      expect((await ledger.quarantineEntry(ids[1]!))?.attempts).toBe(1)
    })

    it('keeps two releases at one time apart', async () => {
      const results = await Promise.all(Array.from({ length: 5 }, () => ledger.recordReleases([reading(2)])))
      expect(results.flat().filter(({ isNew }) => isNew)).toHaveLength(1)
      expect(await ledger.head()).toBe(4)
    })

    it('closes an entry as a duplicate where its record is known, also by the same call', async () => {
      const results = await ledger.recordReleases([
        reading(0, record('r1')),
        reading(1, record('new')),
        reading(2, record('new')),
      ])
      expect(results.map(({ outcome, position }) => [outcome, position])).toEqual([
        ['duplicate', 2],
        ['stored', 4],
        ['duplicate', 4],
      ])
      expect(await ledger.quarantineCounts()).toEqual([
        { source: 'idp', open: 1, released: 0 },
        { source: 'vault-prod', open: 0, released: 3 },
      ])
    })

    it('leaves an entry open that cannot be read or found, and remembers each attempt', async () => {
      await ledger.recordReleases([failing(0, 'unreadable', 'no JSON object'), failing(1, 'gone', 'no such file')])
      await ledger.recordReleases([failing(0, 'gone', 'no such file')])
      expect(await ledger.quarantineEntry(ids[0]!)).toMatchObject({
        attempts: 2,
        lastAttempt: { outcome: 'gone', reason: 'no such file' },
      })
      expect(idsOf(await ledger.quarantineEntries({ limit: 10, state: 'open' }))).toEqual([0, 1, 2, 3])
      expect(await ledger.recordReleases([reading(0)])).toMatchObject([{ outcome: 'stored' }])
      expect((await ledger.quarantineEntry(ids[0]!))?.attempts).toBe(3)
    })

    it('leaves the counts of the intake as they are: the record was counted when it was quarantined', async () => {
      const before = await ledger.intake()
      await ledger.recordReleases([reading(0), failing(1, 'gone', 'no such file')])
      expect(await ledger.intake()).toEqual(before)
      expect(await ledger.conservation()).toMatchObject({ missingEvents: 0, holds: true })
    })

    it('lists by source, after an id, and at most as many as asked for', async () => {
      expect(idsOf(await ledger.quarantineEntries({ limit: 2 }))).toEqual([0, 1])
      expect(idsOf(await ledger.quarantineEntries({ limit: 2, after: ids[1]! }))).toEqual([2, 3])
      expect(idsOf(await ledger.quarantineEntries({ limit: 9, source: 'idp' }))).toEqual([3])
      expect(await ledger.quarantineEntry(987_654)).toBeUndefined()
    })

    it('refuses unknown entries, an entry twice, and a release by nobody, and writes nothing', async () => {
      for (const refused of [
        [reading(0), { ...reading(1), entry: 987_654 }],
        [reading(0), failing(0, 'gone', 'x')],
        [{ ...reading(0), actor: ' ' }],
      ])
        await expect(ledger.recordReleases(refused)).rejects.toThrow(RangeError)
      expect(await ledger.head()).toBe(3)
      expect((await ledger.quarantineEntry(ids[0]!))?.attempts).toBe(0)
    })
  })
}
