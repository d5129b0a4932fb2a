import { createHash } from 'node:crypto'
import type { FrozenItem } from './frozen-item.js'

/** SHA-256 over the items in their order: which accesses, and on what evidence. Same text, same cut, same hash. */
export class PopulationHash {
  private readonly hash = createHash('sha256')
  private items = 0

  add({ number, subject, evidenceHash }: Pick<FrozenItem, 'number' | 'subject' | 'evidenceHash'>): void {
    this.hash.update(`${number}\u0000${subject}\u0000${evidenceHash}\n`)
    this.items += 1
  }

  get count(): number {
    return this.items
  }

  digest(): string {
    return this.hash.copy().digest('hex')
  }
}
