import type { Instant, Key } from '@catena/domain'
import type { Definition } from '../definition/definition.js'
import type { SummaryCut } from '../ports/access-summary.js'
import { certify, type CompletenessCertificate } from './certificate.js'
import type { FrozenItem } from './frozen-item.js'
import { PopulationHash } from './population-hash.js'
import { selectItems, type SelectionSources } from './select.js'

/** What a campaign would ask, of whom. */
export interface DryRun {
  readonly items: number
  readonly hash: string
  readonly uncertain: number
  readonly orphans: number
  readonly blocked: number
  /** Times that a rule named somebody who may not review. */
  readonly conflicts: number
  readonly load: readonly { readonly reviewer: Key; readonly items: number; readonly classes: number }[]
  readonly certificate: CompletenessCertificate
}

export interface Counts extends Omit<DryRun, 'certificate' | 'load' | 'hash'> {
  readonly hash: string
}

/** Counts what passes through it. */
export class PopulationCount {
  private readonly hash = new PopulationHash()
  private uncertain = 0
  private orphans = 0
  private blocked = 0
  private conflicts = 0
  private readonly load = new Map<Key, { items: number; classes: Set<string> }>()

  async *through(items: AsyncIterable<FrozenItem>): AsyncGenerator<FrozenItem> {
    for await (const item of items) {
      this.add(item)
      yield item
    }
  }

  add(item: FrozenItem): void {
    this.hash.add(item)
    if (item.isUncertain) this.uncertain += 1
    if (item.owner === undefined) this.orphans += 1
    if (item.reviewers.length === 0) this.blocked += 1
    this.conflicts += item.notReviewers.length
    for (const reviewer of item.reviewers) {
      const load = this.load.get(reviewer) ?? { items: 0, classes: new Set() }
      load.items += 1
      load.classes.add(item.evidenceClass)
      this.load.set(reviewer, load)
    }
  }

  counts(): Counts {
    const { uncertain, orphans, blocked, conflicts } = this
    return { items: this.hash.count, hash: this.hash.digest(), uncertain, orphans, blocked, conflicts }
  }

  /** Most items first. */
  loads(): DryRun['load'] {
    const loads = [...this.load].map(([reviewer, { items, classes }]) => ({ reviewer, items, classes: classes.size }))
    return loads.sort((a, b) => b.items - a.items || (a.reviewer < b.reviewer ? -1 : 1))
  }
}

/** For any cut and time; freezes and writes nothing. */
export async function dryRun(
  sources: SelectionSources,
  definition: Definition,
  cut: SummaryCut & { readonly at: Instant },
): Promise<DryRun> {
  const count = new PopulationCount()
  for await (const item of selectItems(sources, definition, 'dry-run', cut)) count.add(item)
  const certificate = certify(cut.position, cut.at, await sources.summary.completeness(cut))
  return { ...count.counts(), load: count.loads(), certificate }
}
