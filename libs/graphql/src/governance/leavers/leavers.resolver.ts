import type { Instant, Key } from '@catena/domain'
import type { SeenSecret as Seen } from '@catena/governance'
import type { KnownAsOf } from '@catena/projections'
import { Inject } from '@nestjs/common'
import { QueryBus } from '@nestjs/cqrs'
import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql'
import { Allow } from '../../caller/allow.js'
import { DECISIONS, type DecisionDesk } from '../../commands/decision-desk.js'
import { Evidence } from '../../evidence/evidence.model.js'
import { toConnection } from '../../paging/connection.js'
import { listName } from '../../paging/cursor.js'
import { PageArguments, pageRequest, RANK_PLACE } from '../../paging/page-arguments.js'
import { pageIn } from '../../paging/page-in.js'
import type { RequestLoaders } from '../../request-loaders.js'
import { DateTime, KeyScalar } from '../../scalars/index.js'
import { SeenSecret, SeenSecretConnection } from './leaver.model.js'
import { CountSeenSecrets, ListSeenSecrets } from './list-seen-secrets.js'

/** All chains of each credential are walked: each counts like so many. */
const CHAINS_OF_A_SECRET = 5
const HOUR_MS = 3_600_000

@Allow('auditor', 'security-engineer')
@Resolver(() => Evidence)
export class LeaversResolver {
  constructor(
    private readonly queries: QueryBus,
    @Inject(DECISIONS) private readonly desk: Pick<DecisionDesk, 'clock'>,
  ) {}

  @ResolveField(() => SeenSecretConnection, {
    description: 'The secrets that a person has seen and whether they are still valid: what a leaver may still know.',
  })
  async secretsSeenBy(
    @Parent() { asOf }: Evidence,
    @Args('person', { type: () => KeyScalar, description: 'Key of the person, as `people` gives it.' }) person: Key,
    @Args('at', { type: () => DateTime, nullable: true, description: 'At this moment; left out: validAt of the evidence, else now.' })
    at: Instant | null | undefined,
    @Args() args: PageArguments,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<SeenSecretConnection> {
    const list = listName('secretsSeenBy', [person, at ?? null])
    const request = pageRequest(args, list, RANK_PLACE)
    const moment = at ?? asOf.validAt ?? this.desk.clock.now()
    loaders.spendChains(CHAINS_OF_A_SECRET * (await this.queries.execute(new CountSeenSecrets(asOf, person, moment))))
    const { seen, isCut } = await this.queries.execute(new ListSeenSecrets(asOf, person, moment))
    return { ...toConnection(pageIn(seen, request), args, { asOf, list }, (one) => toSeen(asOf, one)), truncated: isCut }
  }
} // prettier-ignore

function toSeen(asOf: KnownAsOf, { leftAt, endedAt, latencyMs, evidence, ...seen }: Seen): SeenSecret {
  return {
    ...seen,
    leftAt: leftAt ?? null,
    endedAt: endedAt ?? null,
    hoursOpen: latencyMs === undefined ? null : latencyMs / HOUR_MS,
    positions: [...evidence].sort((a, b) => a - b),
    asOf,
  }
}
