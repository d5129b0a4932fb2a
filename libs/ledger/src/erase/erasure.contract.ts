import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { CompleteLedger, LedgerStore } from '../ledger.contract.js'
import { batch, decision, records } from '../ledger-samples.js'

const REQUEST = { reason: 'request 17 of a person who left', actor: 'person:dpo' }

/** What every ledger promises of an erasure. */
export function erasureContract(name: string, store: () => LedgerStore): void {
  describe(`an erasure in a ${name}`, () => {
    let ledger: CompleteLedger
    beforeEach(async () => {
      ledger = store().open()
      await ledger.append(batch(records(0, 5)))
    })
    afterEach(async () => {
      await ledger.close()
      await store().clear()
    })

    it('takes the payload of the events named, and of no others (R7.3)', async () => {
      expect(await ledger.eraseEvents({ ...REQUEST, positions: [4, 2, 2], id: 'e1' })).toEqual({
        stream: 'erasure:e1',
        position: 6,
        erased: 2,
      })
      const events = await ledger.read(0, 5)
      expect(events.map(({ payload }) => payload === undefined)).toEqual([false, true, false, true, false])
      expect(events[1]).toMatchObject({ position: 2, source: 'vault-prod', type: 'read' })
    })

    it('leaves a tombstone that names positions, reason and actor and no content (R7.3)', async () => {
      const { stream } = await ledger.eraseEvents({ ...REQUEST, positions: [4, 2] })
      const [tombstone] = await ledger.readStream(stream)
      expect(tombstone).toMatchObject({ type: 'EventsErased', actor: 'person:dpo', streamVersion: 1 })
      expect(JSON.parse(tombstone!.payload!.toString())).toEqual({ positions: [2, 4], reason: REQUEST.reason })
    })

    it('keeps the erased record known: its bytes again are a duplicate (R7.3, R1.9)', async () => {
      await ledger.eraseEvents({ ...REQUEST, positions: [1, 2, 3, 4, 5] })
      expect(await ledger.append(batch(records(0, 5)))).toMatchObject({ stored: 0, duplicates: 5, head: 6 })
      expect((await ledger.readAt([3]))[0]!.payload).toBeUndefined()
    })

    it('finds records by their ids, erased ones too', async () => {
      await ledger.eraseEvents({ ...REQUEST, positions: [2] })
      const [first, second] = await ledger.readAt([1, 2])
      const found = await ledger.positionsOfRecords([second!.recordId, first!.recordId, 'ab'.repeat(16)])
      expect([...found].sort(([, a], [, b]) => a - b)).toEqual([
        [first!.recordId, 1],
        [second!.recordId, 2],
      ])
    })

    it('may be asked for again without harm', async () => {
      await ledger.eraseEvents({ ...REQUEST, positions: [2] })
      expect(await ledger.eraseEvents({ ...REQUEST, positions: [2, 3] })).toMatchObject({ erased: 1 })
    })

    it('refuses positions without an event, tombstones, and requests without reason or actor, and changes nothing', async () => {
      const { position } = await ledger.eraseEvents({ ...REQUEST, positions: [1], id: 'e1' })
      for (const refused of [
        { ...REQUEST, positions: [2, 77] },
        { ...REQUEST, positions: [position] },
        { ...REQUEST, positions: [] },
        { ...REQUEST, positions: [2], reason: ' ' },
        { ...REQUEST, positions: [2], actor: '' },
      ])
        await expect(ledger.eraseEvents(refused)).rejects.toThrow(RangeError)
      await expect(ledger.eraseEvents({ ...REQUEST, positions: [2], id: 'e1' })).rejects.toMatchObject({ stands: 1 })
      expect(await ledger.head()).toBe(position)
      expect((await ledger.readAt([2]))[0]!.payload).toBeDefined()
    })

    it('takes the payload of a decision too', async () => {
      await ledger.appendDecisions('item-1', 0, [decision('Opened')])
      await ledger.eraseEvents({ ...REQUEST, positions: [6] })
      expect(await ledger.readStream('item-1')).toMatchObject([{ type: 'Opened', payload: undefined }])
    })
  })
}
