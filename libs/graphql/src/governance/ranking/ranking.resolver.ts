import { cutAt } from '@catena/ledger'
import { QueryBus } from '@nestjs/cqrs'
import { Args, Query, Resolver } from '@nestjs/graphql'
import { Allow } from '../../caller/allow.js'
import { ApiError } from '../../errors/api-error.js'
import { toConnection } from '../../paging/connection.js'
import { listName, readCursor } from '../../paging/cursor.js'
import { PageArguments, pageRequest, RANK_PLACE } from '../../paging/page-arguments.js'
import { pageIn } from '../../paging/page-in.js'
import { RankCredentials } from './rank-credentials.js'
import { RankedCredentialConnection } from './ranking.model.js'

const LIST = listName('leastDefensible', null)

@Allow('auditor', 'security-engineer')
@Resolver()
export class RankingResolver {
  constructor(private readonly queries: QueryBus) {}

  @Query(() => RankedCredentialConnection, { description: 'Which shared credentials to replace first, by all that is known now.' })
  async leastDefensible(@Args() args: PageArguments): Promise<RankedCredentialConnection> {
    const request = pageRequest(args, LIST, RANK_PLACE)
    const { position, ranked, isCut } = await this.queries.execute(new RankCredentials())
    const asOf = { position, cut: cutAt(position), validAt: undefined }
    if (args.after != null && readCursor(args.after).cut !== asOf.cut)
      throw new ApiError('BAD_CURSOR', 'more became known since, and the ranking is another: begin without `after`')
    const page = toConnection(pageIn(ranked, request), args, { asOf, list: LIST }, ({ witnesses, ...one }) => ({ ...one, positions: witnesses, asOf }))
    return { ...page, cut: asOf.cut, truncated: isCut }
  }
} // prettier-ignore
