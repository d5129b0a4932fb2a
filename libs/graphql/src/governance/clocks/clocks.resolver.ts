import type { Instant } from '@catena/domain'
import { revocationClocks, type RevocationClock as Clock } from '@catena/governance'
import type { KnownAsOf } from '@catena/projections'
import { QueryBus } from '@nestjs/cqrs'
import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql'
import { Allow } from '../../caller/allow.js'
import { Credential } from '../../credentials/credential.model.js'
import type { RequestLoaders } from '../../request-loaders.js'
import { DateTime } from '../../scalars/index.js'
import { CHAINS_OF_A_HISTORY, FindHistory } from '../history/find-history.js'
import { RevocationClock } from './clocks.model.js'

const HOUR_MS = 3_600_000

@Allow('auditor', 'security-engineer')
@Resolver(() => Credential)
export class RevocationClocksResolver {
  constructor(private readonly queries: QueryBus) {}

  @ResolveField(() => [RevocationClock], {
    description: 'How long access to it lasted after each thing that should have ended it, the newest first.',
  })
  async revocationClocks(
    @Parent() { asOf, id }: Credential,
    @Args('on', { type: () => DateTime, nullable: true, description: 'The moment; left out: now.' })
    on: Instant | null | undefined,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<RevocationClock[]> {
    loaders.spendChains(CHAINS_OF_A_HISTORY)
    const history = await this.queries.execute(new FindHistory(asOf, id, on ?? undefined))
    return history === undefined ? [] : revocationClocks(history).map((clock) => toClock(asOf, clock))
  }
}

function toClock(asOf: KnownAsOf, { endedAt, openMs, newSources, positions, ...clock }: Clock): RevocationClock {
  return {
    ...clock,
    endedAt: endedAt ?? null,
    hoursOpen: openMs / HOUR_MS,
    newSources: [...newSources],
    positions: [...positions].sort((a, b) => a - b),
    asOf,
  }
}
