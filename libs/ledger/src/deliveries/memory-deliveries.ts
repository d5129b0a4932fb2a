import { idText } from '../batch.js'
import type { DeliveryClaim, SignedDelivery } from './deliveries.js'

export class MemoryDeliveries {
  private readonly headersOf = new Map<string, string>()
  private readonly ids = new Set<string>()

  claim({ signed, headers, id }: SignedDelivery): DeliveryClaim {
    const known = this.headersOf.get(idText(signed))
    if (known !== undefined) return known === idText(headers) ? 'again' : 'other-headers'
    if (id !== undefined && this.ids.has(idText(id))) return 'other-body'
    this.headersOf.set(idText(signed), idText(headers))
    if (id !== undefined) this.ids.add(idText(id))
    return 'first'
  }
}
