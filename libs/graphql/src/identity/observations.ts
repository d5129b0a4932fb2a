import { observeIdentities, type IdentityObservation as Found, type IdentityObservationKind } from '@catena/identity'
import { DAYS_DEFAULT, readChains } from '@catena/joinability'
import type { Instant, Key } from '@catena/domain'
import { AccessReader, type KnownAsOf } from '@catena/projections'
import { Query, QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs'
import { Args, Extensions, Field, Int, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql'
import { Allow } from '../caller/allow.js'
import { LinkStates } from '../chains/words.js'
import { badInput } from '../errors/api-error.js'
import { Evidence } from '../evidence/evidence.model.js'
import { connectionTypeOf, toConnection } from '../paging/connection.js'
import { listName } from '../paging/cursor.js'
import { PageArguments, pageRequest, RANK_PLACE } from '../paging/page-arguments.js'
import { pageIn } from '../paging/page-in.js'
import { Evidenced } from '../records/evidenced.model.js'
import { declareEnum } from '../scalars/declare-enum.js'
import { Count, DateTime, KeyScalar } from '../scalars/index.js'

const Kinds = declareEnum<IdentityObservationKind>('IdentityObservationKind', 'What is observed of an identity.', {
  'several people behind one account': 'Chains find several people behind one account.',
  'one identity shared by a fleet': 'An identity that many hold is used from several addresses.',
  'borrowed identity': 'A person\u2019s authority in other hands, as far as records tell.',
  'human use of a workload identity': 'From the place and by the program of a person, within the hour.',
  'human account used autonomously': 'Software acted on its own under a person\u2019s account.',
  'agent without a sponsor': 'No record says who answers for an agent.',
})

@Extensions({ evidence: 'subject' })
@ObjectType({ implements: () => [Evidenced], description: 'Something about an identity that somebody should look at.' })
export class IdentityObservation extends Evidenced {
  @Field(() => Kinds, { description: 'What it is.' })
  readonly kind!: IdentityObservationKind

  @Field(() => LinkStates, { description: 'As strong as the chains that it rests on.' })
  readonly state!: 'proven' | 'inferred'

  @Field(() => String, { description: 'The account, identity or principal that it is about.' })
  readonly subject!: string

  @Field(() => String, { description: 'In a sentence, with its figures.' })
  readonly words!: string

  @Field(() => [KeyScalar], { description: 'The principals involved, where they are known.' })
  readonly principals!: readonly Key[]

  @Field(() => Count, { description: 'Retrievals that show it.' })
  readonly retrievals!: number

  @Field(() => DateTime, { description: 'The first of them.' })
  readonly firstAt!: Instant

  @Field(() => DateTime, { description: 'The last of them.' })
  readonly lastAt!: Instant
}

@ObjectType({ description: 'A page of observations, the most frequent first.' })
export class IdentityObservationConnection extends connectionTypeOf(
  'IdentityObservation',
  'observations',
  () => IdentityObservation,
) {}

export class ObserveIdentities extends Query<readonly Found[]> {
  constructor(
    readonly asOf: KnownAsOf,
    readonly days: number,
  ) {
    super()
  }
}

@QueryHandler(ObserveIdentities)
export class ObserveIdentitiesHandler implements IQueryHandler<ObserveIdentities> {
  constructor(private readonly reader: AccessReader) {}

  async execute({ asOf, days }: ObserveIdentities): Promise<readonly Found[]> {
    return observeIdentities((await readChains(this.reader, { asOf, days })).chains)
  }
}

/** As of joinability. */
const DAYS_MAX = 400

@Allow('auditor', 'security-engineer')
@Resolver(() => Evidence)
export class IdentityObservationsResolver {
  constructor(private readonly queries: QueryBus) {}

  @ResolveField(() => IdentityObservationConnection, {
    description:
      'Several people behind one account, fleets, borrowed identities, human use of a workload\u2019s identity, agents without a sponsor.',
  })
  async identityObservations(
    @Parent() { asOf }: Evidence,
    @Args('days', {
      type: () => Int,
      defaultValue: DAYS_DEFAULT,
      description: `Days before the newest retrieval that count, 1 to ${DAYS_MAX}.`,
    })
    days: number,
    @Args() args: PageArguments,
  ): Promise<IdentityObservationConnection> {
    if (days < 1 || days > DAYS_MAX) throw badInput(`days is ${days}: ask for 1 to ${DAYS_MAX}`)
    const list = listName('identityObservations', days)
    const request = pageRequest(args, list, RANK_PLACE)
    const found = await this.queries.execute(new ObserveIdentities(asOf, days))
    return toConnection(pageIn(found, request), args, { asOf, list }, ({ evidence, ...rest }) => ({
      ...rest,
      positions: evidence,
      asOf,
    }))
  }
}
