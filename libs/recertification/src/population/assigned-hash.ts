import { createHash } from 'node:crypto'
import { canonicalJson, type Json } from '@catena/domain'
import type { FrozenItem } from './frozen-item.js'

/**
 * SHA-256 over what stands with the accesses of a population beside their evidence: whose they are, who reviews them and who may not, how they are
 * ordered and grouped. The hash of the population leaves that out, because records alone do not give it again.
 */
export class AssignedHash {
  private readonly hash = createHash('sha256')

  async *through(items: AsyncIterable<FrozenItem>): AsyncGenerator<FrozenItem> {
    for await (const item of items) {
      this.add(item)
      yield item
    }
  }

  add(item: FrozenItem): void {
    const { id, owner, ownerLeft, reviewers, notReviewers, risk, evidenceClass, isUncertain } = item
    const told = [id, owner ?? null, ownerLeft ?? false, reviewers, notReviewers, risk, evidenceClass, isUncertain]
    this.hash.update(`${canonicalJson(told as unknown as Json)}\n`)
  }

  digest(): string {
    return this.hash.copy().digest('hex')
  }
}
