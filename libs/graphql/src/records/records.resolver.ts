import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql'
import { Allow } from '../caller/allow.js'
import { badInput } from '../errors/api-error.js'
import { Evidence } from '../evidence/evidence.model.js'
import { FIRST_MAX } from '../paging/page-arguments.js'
import type { RequestLoaders } from '../request-loaders.js'
import { Position } from '../scalars/index.js'
import { EvidenceRecord } from './evidence-record.model.js'
import { Evidenced } from './evidenced.model.js'

@Allow('auditor', 'security-engineer')
@Resolver(() => Evidence)
export class RecordsResolver {
  @ResolveField(() => EvidenceRecord, {
    nullable: true,
    description: 'One record as stored; null where this state of knowledge holds none at that position.',
  })
  async record(
    @Parent() { asOf }: Evidence,
    @Args('position', { type: () => Position, description: 'Its place in the ledger.' }) position: number,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<EvidenceRecord | undefined> {
    return (await loaders.recordsAt(asOf, [position]))[0]
  }

  @ResolveField(() => [EvidenceRecord], {
    description: `Records as stored, by position, at most ${FIRST_MAX}; those that this state of knowledge does not hold are left out.`,
  })
  records(
    @Parent() { asOf }: Evidence,
    @Args('positions', { type: () => [Position], description: 'Their places in the ledger.' }) positions: number[],
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<EvidenceRecord[]> {
    if (positions.length > FIRST_MAX) throw badInput(`ask for at most ${FIRST_MAX} positions at once`)
    return loaders.recordsAt(asOf, positions)
  }
}

@Allow('auditor', 'security-engineer')
@Resolver(() => Evidenced)
export class EvidencedResolver {
  @ResolveField(() => [EvidenceRecord], { description: 'The records that the statement rests on, as stored.' })
  evidence(
    @Parent() { asOf, positions }: Evidenced,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<EvidenceRecord[]> {
    return loaders.recordsAt(asOf, positions)
  }
}
