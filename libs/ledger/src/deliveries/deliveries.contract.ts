import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { CompleteLedger, LedgerStore } from '../ledger.contract.js'
import type { SignedDelivery } from './deliveries.js'

const hashOf = (text: string) => createHash('sha256').update(text).digest().subarray(0, 16)
const delivery = (body: string, headers: string, id?: string): SignedDelivery => ({
  signed: hashOf(body),
  headers: hashOf(headers),
  id: id === undefined ? undefined : hashOf(id),
})

/** What every ledger promises of the signed deliveries that it was told of. */
export function deliveriesContract(name: string, store: () => LedgerStore): void {
  describe(`signed deliveries in a ${name}`, () => {
    let deliveries: CompleteLedger
    beforeEach(() => {
      deliveries = store().open()
    })
    afterEach(async () => {
      await deliveries.close()
      await store().clear()
    })
    const claim = (...of: Parameters<typeof delivery>) => deliveries.claimDelivery(delivery(...of))

    it('R1.9 are bound to the headers under which they came first, for good', async () => {
      expect(await claim('body', 'run d-1', 'd-1')).toBe('first')
      expect(await claim('body', 'run d-1', 'd-1')).toBe('again')
      expect(await claim('body', 'review d-1', 'd-1')).toBe('other-headers')
      expect(await claim('body', 'run d-2', 'd-2')).toBe('other-headers')
      expect(await claim('body', 'run')).toBe('other-headers')
      expect(await claim('body', 'run d-1', 'd-1')).toBe('again')
    })

    it('R1.9 have an id that names no other body; those without one do not meet', async () => {
      expect(await claim('body', 'run d-1', 'd-1')).toBe('first')
      expect(await claim('other', 'run d-1', 'd-1')).toBe('other-body')
      expect(await claim('other', 'run d-2', 'd-2')).toBe('first')
      expect(await claim('third', 'run')).toBe('first')
      expect(await claim('fourth', 'run')).toBe('first')
    })

    it('R1.9 come first once, however many come at once', async () => {
      const all = await Promise.all(Array.from({ length: 20 }, (_, n) => claim('body', `run d-${n}`, `d-${n}`)))
      expect(all.sort()).toEqual(['first', ...Array.from({ length: 19 }, () => 'other-headers')])
    })
  })
}
