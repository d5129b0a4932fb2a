import type { CausedChange } from '@catena/governance'
import type { KnownAsOf } from '@catena/projections'
import { QueryBus } from '@nestjs/cqrs'
import { Args, Parent, ResolveField, Resolver } from '@nestjs/graphql'
import { Allow } from '../../caller/allow.js'
import { requirePlain } from '../../chains/fact-filter.js'
import { Credential } from '../../credentials/credential.model.js'
import { toConnection } from '../../paging/connection.js'
import { listName } from '../../paging/cursor.js'
import { PageArguments, pageRequest, RANK_PLACE } from '../../paging/page-arguments.js'
import { pageIn } from '../../paging/page-in.js'
import { ListVerdictChanges } from './list-verdict-changes.js'
import { VerdictChange, VerdictChangeConnection } from './verdict-change.model.js'

@Allow('auditor', 'security-engineer')
@Resolver(() => Credential)
export class VerdictChangesResolver {
  constructor(private readonly queries: QueryBus) {}

  @ResolveField(() => VerdictChangeConnection, {
    description: 'When verdicts on it became others, and why; as recorded up to this cut.',
  })
  async verdictChanges(
    @Parent() { asOf, id }: Credential,
    @Args('control', { type: () => String, nullable: true, description: 'Of this control; left out: of all.' })
    control: string | null | undefined,
    @Args() args: PageArguments,
  ): Promise<VerdictChangeConnection> {
    requirePlain(control)
    const list = listName('credential.verdictChanges', [id, control ?? null])
    const request = pageRequest(args, list, RANK_PLACE)
    const changes = await this.queries.execute(new ListVerdictChanges(asOf, id, control ?? undefined))
    return toConnection(pageIn(changes, request), args, { asOf, list }, (change) => toChange(asOf, change))
  }
}

function toChange(asOf: KnownAsOf, { change, at, recordedAt, cause, news }: CausedChange): VerdictChange {
  const { id, control, from, to, reason, witnesses } = change
  return { id, control, from: from ?? null, to: to ?? null, reason, at, recordedAt, cause, news, positions: witnesses, asOf }
} // prettier-ignore
