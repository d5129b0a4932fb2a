import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { VersionConflict } from './errors.js'
import type { CompleteLedger, LedgerStore } from './ledger.contract.js'
import { batch, decision, records } from './ledger-samples.js'

/** What every ledger promises of streams of decisions. */
export function decisionsContract(name: string, store: () => LedgerStore): void {
  describe(`a stream of decisions of a ${name}`, () => {
    let ledger: CompleteLedger
    beforeEach(() => {
      ledger = store().open()
    })
    afterEach(async () => {
      await ledger.close()
      await store().clear()
    })

    it('appends decisions at the expected version only (R6.4)', async () => {
      await ledger.append(batch(records(0, 1)))
      expect(await ledger.appendDecisions('item-1', 0, [decision('Opened'), decision('Decided')])).toEqual({
        head: 3,
        version: 2,
      })
      await expect(ledger.appendDecisions('item-1', 0, [decision('Opened')])).rejects.toEqual(
        new VersionConflict('item-1', 0, 2),
      )
      await expect(ledger.appendDecisions('item-1', 1, [decision('Opened')])).rejects.toThrow(VersionConflict)
      await expect(ledger.appendDecisions('item-2', 1, [decision('Opened')])).rejects.toEqual(
        new VersionConflict('item-2', 1, 0),
      )
      expect(await ledger.appendDecisions('item-1', 2, [decision('Closed')])).toEqual({ head: 4, version: 3 })
      const events = await ledger.readStream('item-1')
      expect(events.map(({ type, streamVersion, position }) => [type, streamVersion, position])).toEqual([
        ['Opened', 1, 2], ['Decided', 2, 3], ['Closed', 3, 4],
      ]) // prettier-ignore
      expect(events[0]).toMatchObject({ actor: 'person:7', causation: 'command-1', stream: 'item-1' })
      await expect(ledger.appendDecisions('record:vault-prod', 0, [decision('Opened')])).rejects.toThrow(RangeError)
      await expect(ledger.appendDecisions('item-1', 3, [])).rejects.toThrow(RangeError)
    })

    it('reads the decisions of all streams in the order of positions, past the records between them', async () => {
      await ledger.appendDecisions('item-1', 0, [decision('Opened')])
      await ledger.append(batch(records(0, 3)))
      await ledger.appendDecisions('item-2', 0, [decision('Opened'), decision('Decided')])
      const positions = async (after: number, limit: number) =>
        (await ledger.readDecisions(after, limit)).map(({ position, stream }) => [position, stream])
      expect(await positions(0, 10)).toEqual([
        [1, 'item-1'], [5, 'item-2'], [6, 'item-2'],
      ]) // prettier-ignore
      expect(await positions(1, 1)).toEqual([[5, 'item-2']])
      expect(await positions(6, 10)).toEqual([])
    })

    it('tells where records stand between decisions', async () => {
      const spans = async (after: number, through: number, limit = 10) =>
        (await ledger.recordSpans(after, through, limit)).map(({ first, last }) => [first, last])
      expect(await spans(0, 0)).toEqual([])
      await ledger.append(batch(records(0, 2)))
      await ledger.appendDecisions('item-1', 0, [decision('Opened'), decision('Decided')])
      await ledger.append(batch(records(2, 5)))
      await ledger.appendDecisions('item-2', 0, [decision('Opened')])
      await ledger.appendDecisions('item-3', 0, [decision('Opened')])
      await ledger.append(batch(records(5, 6)))
      expect(await spans(0, 10)).toEqual([[1, 2], [5, 7], [10, 10]]) // prettier-ignore
      expect(await spans(1, 6)).toEqual([[2, 2], [5, 6]]) // prettier-ignore
      expect(await spans(2, 4)).toEqual([])
      expect(await spans(5, 7)).toEqual([[6, 7]])
      expect(await spans(0, 10, 2)).toEqual([[1, 2], [5, 7]]) // prettier-ignore
      expect(await spans(10, 10)).toEqual([])
    })

    it('appends to several streams all or nothing, and only while those it rests on stand still (R6.4)', async () => {
      await ledger.appendDecisions('campaign', 0, [decision('Opened')])
      const append = (stream: string, expectedVersion: number) => ({
        stream,
        expectedVersion,
        events: [decision('Decided')],
      })
      const resting = [{ stream: 'campaign', version: 1 }]
      expect(await ledger.appendTogether([append('b', 0), append('a', 0)], resting)).toEqual({ head: 3 })
      await expect(ledger.appendTogether([append('c', 0), append('a', 0)])).rejects.toEqual(
        new VersionConflict('a', 0, 1),
      )
      await expect(ledger.appendTogether([append('c', 0)], [{ stream: 'campaign', version: 0 }])).rejects.toThrow(
        VersionConflict,
      )
      await expect(ledger.appendTogether([append('c', 0), append('c', 0)])).rejects.toThrow(RangeError)
      expect(await ledger.head()).toBe(3)
      expect(await ledger.appendTogether([append('c', 0), append('a', 1)], resting)).toEqual({ head: 5 })
      expect([...(await ledger.versionsOf(['c', 'a', 'nothing']))].sort()).toEqual([['a', 2], ['c', 1]]) // prettier-ignore
      const streams = await ledger.readStreams(['a', 'c', 'nothing'])
      expect([...streams].map(([name, events]) => [name, events.map(({ streamVersion, position }) => [streamVersion, position])])).toEqual([
        ['a', [[1, 2], [2, 4]]], ['c', [[1, 5]]],
      ]) // prettier-ignore
    })

    it('appends what was counted over many streams only while none of them has got an event since, whatever else was recorded', async () => {
      await ledger.appendDecisions('item:a', 0, [decision('Opened')])
      await ledger.append(batch(records(0, 2)))
      const seal = [{ stream: 'campaign', expectedVersion: 0, events: [decision('Sealed')] }]
      const quiet = { prefix: 'item:', since: await ledger.head() }
      await ledger.appendDecisions('items of another kind', 0, [decision('Opened')])
      await ledger.appendDecisions('item:b', 0, [decision('Opened'), decision('Decided')])
      await expect(ledger.appendTogether(seal, [], quiet)).rejects.toEqual(new VersionConflict('item:b', 0, 1))
      expect(await ledger.readStream('campaign')).toEqual([])
      await expect(ledger.appendTogether(seal, [], { ...quiet, since: await ledger.head() })).resolves.toMatchObject({
        head: 7,
      })
    })

    it('shows events that nobody is woken for to whoever waits, when they next look', async () => {
      // Far longer than a test may take.
      const waiting = ledger.waitForAppend(0, 120_000)
      await ledger.appendDecisions('reads', 0, [decision('Read')], { wakes: false })
      expect(await ledger.head()).toBe(1)
      await waiting
    })

    it('lets one of many win at the same version', async () => {
      const attempts = Array.from({ length: 8 }, () => ledger.appendDecisions('contested', 0, [decision('Decided')]))
      const settled = await Promise.allSettled(attempts)
      expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(await ledger.head()).toBe(1)
    })
  })
}
