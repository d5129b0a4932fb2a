import type { EvidencePart } from '@catena/domain'
import type { KnownAsOf } from '@catena/projections'
import { QueryBus } from '@nestjs/cqrs'
import { Args, Context, ID, Parent, ResolveField, Resolver } from '@nestjs/graphql'
import { Allow, inVaults } from '../caller/allow.js'
import { CurrentParts } from '../caller/current-caller.js'
import { EvidenceParts } from '../caller/evidence-parts.js'
import { ChainConnection } from '../chains/chain.model.js'
import { requirePlain } from '../chains/fact-filter.js'
import { ListChains } from '../chains/list-chains.js'
import { toChain } from '../chains/to-chain.js'
import { Evidence } from '../evidence/evidence.model.js'
import { toConnection } from '../paging/connection.js'
import { listName } from '../paging/cursor.js'
import { CREDENTIAL_PLACE, FACT_PLACE, ID_PLACE, PageArguments, pageRequest } from '../paging/page-arguments.js'
import type { RequestLoaders } from '../request-loaders.js'
import { Credential, CredentialConnection, CredentialFilter } from './credential.model.js'
import { FindCredential, ListCredentials } from './find-credentials.js'
import { ListRegistered, type KnownCredential } from './registered-credentials.js'

@Allow(inVaults('auditor'), inVaults('security-engineer'))
@Resolver(() => Evidence)
export class CredentialsResolver {
  constructor(
    private readonly queries: QueryBus,
    private readonly parts: EvidenceParts,
  ) {}

  @ResolveField(() => CredentialConnection, { description: 'The credentials that records speak of.' })
  async credentials(
    @Parent() { asOf }: Evidence,
    @Args('filter', { type: () => CredentialFilter, nullable: true, description: 'Which credentials; left out: all.' })
    given: CredentialFilter | null | undefined,
    @Args() args: PageArguments,
    @CurrentParts() parts: readonly EvidencePart[] | undefined,
  ): Promise<CredentialConnection> {
    const list = listName('credentials', given ?? {})
    const request = pageRequest(args, list, CREDENTIAL_PLACE)
    const page = await this.queries.execute(
      new ListCredentials(asOf, { ...filterOf(given ?? {}), within: await this.parts.slotsOf(parts) }, request),
    )
    return toConnection(page, args, { asOf, list }, (entry) => toCredential(asOf, entry))
  }

  @Allow('auditor', 'security-engineer')
  @ResolveField(() => CredentialConnection, {
    description: 'The credentials that were registered by hand. What records tell of them too stands in `credentials`.',
  })
  async registeredCredentials(
    @Parent() { asOf }: Evidence,
    @Args() args: PageArguments,
  ): Promise<CredentialConnection> {
    const list = listName('registeredCredentials', {})
    const page = await this.queries.execute(new ListRegistered(asOf, pageRequest(args, list, ID_PLACE)))
    return toConnection(page, args, { asOf, list }, (entry) => toCredential(asOf, entry))
  }

  @ResolveField(() => Credential, {
    nullable: true,
    description: 'One credential; null where this state of knowledge holds none of that id.',
  })
  async credential(
    @Parent() { asOf }: Evidence,
    @Args('id', { type: () => ID, description: 'Its id, as answers name it.' }) id: string,
    @CurrentParts() parts: readonly EvidencePart[] | undefined,
  ): Promise<Credential | null> {
    const entry = await this.queries.execute(new FindCredential(asOf, id, await this.parts.slotsOf(parts)))
    return entry === undefined ? null : toCredential(asOf, entry)
  }
}

@Allow(inVaults('auditor'), inVaults('security-engineer'))
@Resolver(() => Credential)
export class CredentialChainsResolver {
  constructor(
    private readonly queries: QueryBus,
    private readonly parts: EvidenceParts,
  ) {}

  @ResolveField(() => ChainConnection, { description: 'Who used it, and when: newest first.' })
  async chains(
    @Parent() { asOf, id }: Credential,
    @Args() args: PageArguments,
    @Context('loaders') loaders: RequestLoaders,
    @CurrentParts() parts: readonly EvidencePart[] | undefined,
  ): Promise<ChainConnection> {
    const list = listName('credential.chains', id)
    const request = pageRequest(args, list, FACT_PLACE)
    loaders.spendChains(args.first)
    const page =
      // What many credentials load together is not narrowed.
      request.after === undefined && parts === undefined
        ? await loaders.chainsOf(asOf, id, args.first)
        : await this.queries.execute(
            new ListChains(asOf, { credential: id, within: await this.parts.slotsOf(parts) }, undefined, request),
          )
    return { ...toConnection(page, args, { asOf, list }, (chain) => toChain(asOf, chain)), truncated: false }
  }
}

function toCredential(asOf: KnownAsOf, entry: KnownCredential): Credential {
  const { container, containerName, firstSeenAt, lastSeenAt } = entry
  return {
    ...entry,
    container: container ?? null,
    containerName: containerName ?? null,
    firstSeenAt: firstSeenAt ?? null,
    lastSeenAt: lastSeenAt ?? null,
    asOf,
  }
}

function filterOf({ system, container, search }: CredentialFilter) {
  for (const text of [system, container, search]) requirePlain(text)
  return { system: system ?? undefined, container: container ?? undefined, search: search ?? undefined }
}
