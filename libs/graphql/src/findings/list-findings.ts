import { listFindings, type FindingEntry, type FindingFilter } from '@catena/governance'
import type { KnownAsOf, Page, PageRequest } from '@catena/projections'
import { Inject } from '@nestjs/common'
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs'
import { DECISIONS, type DecisionDesk } from '../commands/decision-desk.js'

export class ListFindings extends Query<Page<FindingEntry>> {
  constructor(
    readonly asOf: KnownAsOf,
    readonly filter: FindingFilter,
    readonly page: PageRequest,
  ) {
    super()
  }
}

@QueryHandler(ListFindings)
export class ListFindingsHandler implements IQueryHandler<ListFindings> {
  constructor(@Inject(DECISIONS) private readonly desk: Pick<DecisionDesk, 'pool'>) {}

  async execute({ asOf, filter, page }: ListFindings): Promise<Page<FindingEntry>> {
    const after = page.after === undefined ? undefined : ([Number(page.after[0]), Number(page.after[1])] as const)
    const found = await listFindings(this.desk.pool, asOf.position, filter, { after, limit: page.limit + 1 })
    const items = found.slice(0, page.limit).map(({ entry, place }) => ({ item: entry, place: place.map(String) }))
    return { items, hasMore: found.length > page.limit }
  }
}
