import { listTokens, type ListedToken } from '@catena/callers'
import type { Page, PageRequest } from '@catena/projections'
import { Inject } from '@nestjs/common'
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs'
import { DECISIONS, type DecisionDesk } from '../commands/decision-desk.js'

/** Tokens of one owner, or all. */
export class ListApiTokens extends Query<Page<ListedToken>> {
  constructor(
    readonly owner: string | undefined,
    readonly request: PageRequest,
  ) {
    super()
  }
}

@QueryHandler(ListApiTokens)
export class ListApiTokensHandler implements IQueryHandler<ListApiTokens> {
  constructor(@Inject(DECISIONS) private readonly desk: DecisionDesk) {}

  execute({ owner, request }: ListApiTokens): Promise<Page<ListedToken>> {
    return listTokens(this.desk.pool, owner, request, this.desk.clock.now())
  }
}
