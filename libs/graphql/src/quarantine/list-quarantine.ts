import type { Quarantine, QuarantineCounts, QuarantineEntry, QuarantineQuery } from '@catena/ledger'
import type { Page, PageRequest } from '@catena/projections'
import { Inject } from '@nestjs/common'
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs'
import { LEDGER } from '../ledger-token.js'

export class ListQuarantine extends Query<Page<QuarantineEntry>> {
  constructor(
    readonly filter: Pick<QuarantineQuery, 'source' | 'state'>,
    readonly page: PageRequest,
  ) {
    super()
  }
}

@QueryHandler(ListQuarantine)
export class ListQuarantineHandler implements IQueryHandler<ListQuarantine> {
  constructor(@Inject(LEDGER) private readonly ledger: Pick<Quarantine, 'quarantineEntries'>) {}

  async execute({ filter, page }: ListQuarantine): Promise<Page<QuarantineEntry>> {
    const after = Number(page.after?.[0] ?? 0)
    const entries = await this.ledger.quarantineEntries({ ...filter, after, limit: page.limit + 1 })
    const items = entries.slice(0, page.limit).map((item) => ({ item, place: [String(item.id)] }))
    return { items, hasMore: entries.length > page.limit }
  }
}

export class CountQuarantine extends Query<QuarantineCounts[]> {}

@QueryHandler(CountQuarantine)
export class CountQuarantineHandler implements IQueryHandler<CountQuarantine> {
  constructor(@Inject(LEDGER) private readonly ledger: Pick<Quarantine, 'quarantineCounts'>) {}

  execute(): Promise<QuarantineCounts[]> {
    return this.ledger.quarantineCounts()
  }
}
