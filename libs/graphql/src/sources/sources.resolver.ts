import { Inject } from '@nestjs/common'
import { QueryBus } from '@nestjs/cqrs'
import { Parent, ResolveField, Resolver } from '@nestjs/graphql'
import { Allow } from '../caller/allow.js'
import { Evidence } from '../evidence/evidence.model.js'
import { Count } from '../scalars/index.js'
import { KAFKA_LAG, type ReadKafkaLag } from './kafka-lag.js'
import { ListSources } from './list-sources.js'
import { Lane, Source } from './source.model.js'
import { toSource } from './to-source.js'

@Allow('auditor', 'security-engineer', 'operator')
@Resolver(() => Evidence)
export class SourcesResolver {
  constructor(private readonly queries: QueryBus) {}

  @ResolveField(() => [Source], { description: 'The systems whose records Catena receives, and what it received.' })
  async sources(@Parent() { asOf }: Evidence): Promise<Source[]> {
    return (await this.queries.execute(new ListSources(asOf))).map(toSource)
  }
}

@Allow('auditor', 'security-engineer', 'operator')
@Resolver(() => Lane)
export class LaneLagResolver {
  constructor(@Inject(KAFKA_LAG) private readonly lag: ReadKafkaLag) {}

  @ResolveField(() => Count, {
    name: 'lag',
    nullable: true,
    description:
      'Messages of the Kafka partition that are not in the ledger yet; null where the lane is none, or the brokers do not tell.',
  })
  async messages(@Parent() { name }: Lane): Promise<number | null> {
    if (!name.startsWith('kafka:')) return null
    return (await this.lag())?.find(({ lane }) => lane === name)?.messages ?? null
  }
}
