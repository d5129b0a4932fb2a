import type { Instant } from '@catena/domain'
import type { Evaluation } from '@catena/governance'
import { QueryBus } from '@nestjs/cqrs'
import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql'
import { Allow } from '../../caller/allow.js'
import { Credential } from '../../credentials/credential.model.js'
import type { RequestLoaders } from '../../request-loaders.js'
import { DateTime } from '../../scalars/index.js'
import { JudgeCredential } from './judge-credential.js'
import { CredentialVerdict } from './verdict.model.js'

/** A verdict walks all chains of its credential: it counts like so many. */
const CHAINS_OF_A_VERDICT = 50

@Allow('auditor', 'security-engineer')
@Resolver(() => Credential)
export class VerdictsResolver {
  constructor(private readonly queries: QueryBus) {}

  @ResolveField(() => CredentialVerdict, {
    nullable: true,
    description:
      'Was its sharing under control at a moment, as known at this cut? Null where nothing was known of it then.',
  })
  async verdict(
    @Parent() { asOf, id }: Credential,
    @Args('on', { type: () => DateTime, nullable: true, description: 'The moment; left out: now.' })
    on: Instant | null | undefined,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<CredentialVerdict | null> {
    loaders.spendChains(CHAINS_OF_A_VERDICT)
    const evaluation = await this.queries.execute(new JudgeCredential(asOf, id, on ?? undefined))
    return evaluation === undefined ? null : toVerdict(evaluation)
  }
}

function toVerdict({ verdict, at, results }: Evaluation): CredentialVerdict {
  const controls = results.map(({ witnesses, validUntil, ...result }) => ({
    ...result,
    witnesses: [...witnesses],
    validUntil: validUntil ?? null,
  }))
  return { verdict, at, controls }
}
