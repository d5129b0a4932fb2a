import type { SharingEntry, SharingKind } from '@catena/governance'
import type { KnownAsOf } from '@catena/projections'
import { QueryBus } from '@nestjs/cqrs'
import { Args, ID, Parent, ResolveField, Resolver } from '@nestjs/graphql'
import { Allow } from '../caller/allow.js'
import { requirePlain } from '../chains/fact-filter.js'
import { badInput } from '../errors/api-error.js'
import { Evidence } from '../evidence/evidence.model.js'
import { toConnection } from '../paging/connection.js'
import { listName } from '../paging/cursor.js'
import { PageArguments, pageRequest, type PlaceForm } from '../paging/page-arguments.js'
import { ListSharing, SharingOfCredential } from './list-sharing.js'
import { SharingKinds, SharingThing, SharingThingConnection } from './sharing.model.js'

const POSITION_PLACE: PlaceForm = [/^\d{1,15}$/]

@Allow('auditor', 'security-engineer')
@Resolver(() => Evidence)
export class SharingResolver {
  constructor(private readonly queries: QueryBus) {}

  @ResolveField(() => [SharingThing], {
    description: 'Everything that was decided about the sharing of one credential.',
  })
  async sharingOf(
    @Parent() { asOf }: Evidence,
    @Args('credential', { type: () => ID, description: 'The credential.' }) credential: string,
  ): Promise<SharingThing[]> {
    if (!/^[0-9a-f]{32}$/.test(credential)) throw badInput('take the id of the credential from an answer')
    const found = await this.queries.execute(new SharingOfCredential(asOf, credential))
    return found.map((entry) => toThing(asOf, entry))
  }

  @ResolveField(() => SharingThingConnection, {
    description: 'What was decided, by kind and where it stands: requests that wait, exceptions in force.',
  })
  async sharing(
    @Parent() { asOf }: Evidence,
    @Args('kind', { type: () => SharingKinds, description: 'Of what kind.' }) kind: SharingKind,
    @Args('status', {
      type: () => String,
      nullable: true,
      description: 'Where it stands, e.g. `requested`; left out: anywhere.',
    })
    status: string | null | undefined,
    @Args() args: PageArguments,
  ): Promise<SharingThingConnection> {
    requirePlain(status)
    const list = listName('sharing', { kind, status: status ?? null })
    const request = pageRequest(args, list, POSITION_PLACE)
    const page = await this.queries.execute(new ListSharing(asOf, kind, status ?? undefined, request))
    return toConnection(page, args, { asOf, list }, (entry) => toThing(asOf, entry))
  }
}

function toThing(asOf: KnownAsOf, { kind, id, state, positions }: SharingEntry): SharingThing {
  const status = 'status' in state ? state.status : null
  return { kind, id, status, credentials: state.credentials, state, positions, asOf }
}
