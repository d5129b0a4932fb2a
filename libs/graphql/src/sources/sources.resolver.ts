import { QueryBus } from '@nestjs/cqrs'
import { Parent, ResolveField, Resolver } from '@nestjs/graphql'
import { Evidence } from '../evidence/evidence.model.js'
import { ListSources } from './list-sources.js'
import { Source } from './source.model.js'
import { toSource } from './to-source.js'

@Resolver(() => Evidence)
export class SourcesResolver {
  constructor(private readonly queries: QueryBus) {}

  @ResolveField(() => [Source], { description: 'The systems whose records Catena receives, and what it received.' })
  async sources(@Parent() { asOf }: Evidence): Promise<Source[]> {
    return (await this.queries.execute(new ListSources(asOf))).map(toSource)
  }
}
