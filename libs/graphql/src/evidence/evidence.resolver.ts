import { PEOPLE_ROLES, VAULT_ROLES } from '@catena/domain'
import { QueryBus } from '@nestjs/cqrs'
import { Args, Info, Query, ResolveField, Resolver } from '@nestjs/graphql'
import type { GraphQLResolveInfo } from 'graphql'
import { Allow, inVaults } from '../caller/allow.js'
import { cursorsWithin } from './cursors-within.js'
import { EstablishEvidence } from './establish-evidence.js'
import { AsOf, Evidence, ReadModel } from './evidence.model.js'
import { FindReadModel } from './find-read-model.js'

/** The way in; what lies below it has rules of its own. */
@Allow(...PEOPLE_ROLES)
@Resolver(() => Evidence)
export class EvidenceResolver {
  constructor(private readonly queries: QueryBus) {}

  @Allow(...PEOPLE_ROLES, ...VAULT_ROLES.map(inVaults))
  @Query(() => Evidence, {
    description: 'The way to all evidence. Every answer below it is made in one state of knowledge, which it echoes.',
  })
  async evidence(
    @Args('asOf', { type: () => AsOf, nullable: true, description: 'Ask about an earlier time or state of knowledge.' })
    asked: AsOf | null | undefined,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Evidence> {
    const asOf = await this.queries.execute(new EstablishEvidence(asked ?? {}, cursorsWithin(info)))
    return { cut: asOf.cut, validAt: asOf.validAt ?? null, asOf }
  }

  @ResolveField(() => ReadModel, { description: 'How far answers follow the ledger at this moment.' })
  readModel(): Promise<ReadModel> {
    return this.queries.execute(new FindReadModel())
  }
}
