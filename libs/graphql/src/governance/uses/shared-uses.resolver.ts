import type { Instant } from '@catena/domain'
import { isShared, obtained, sharedUse, type CredentialHistory } from '@catena/governance'
import type { KnownAsOf } from '@catena/projections'
import { QueryBus } from '@nestjs/cqrs'
import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql'
import { Allow } from '../../caller/allow.js'
import { Credential } from '../../credentials/credential.model.js'
import type { RequestLoaders } from '../../request-loaders.js'
import { DateTime } from '../../scalars/index.js'
import { CHAINS_OF_A_HISTORY, FindHistory } from '../history/find-history.js'
import { SharedUse } from './shared-use.model.js'

/** Newest uses that are told one by one. */
const USES_MAX = 100

@Allow('auditor', 'security-engineer')
@Resolver(() => Credential)
export class SharedUsesResolver {
  constructor(private readonly queries: QueryBus) {}

  @ResolveField(() => [SharedUse], {
    description: `Each of the newest uses of a shared credential under the six conditions, the newest first, at most ${USES_MAX}. Of one that is not shared: none.`,
  })
  async sharedUses(
    @Parent() { asOf, id }: Credential,
    @Args('on', { type: () => DateTime, nullable: true, description: 'The moment; left out: now.' })
    on: Instant | null | undefined,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<SharedUse[]> {
    loaders.spendChains(CHAINS_OF_A_HISTORY)
    const history = await this.queries.execute(new FindHistory(asOf, id, on ?? undefined))
    return history === undefined || !isShared(history) ? [] : usesIn(history, asOf)
  }
}

function usesIn(history: CredentialHistory, asOf: KnownAsOf): SharedUse[] {
  return obtained(history)
    .slice(0, USES_MAX)
    .map((use) => ({
      at: use.at,
      accessor: use.accessor.name,
      ...sharedUse(history, use),
      positions: [...use.positions],
      asOf,
    }))
}
