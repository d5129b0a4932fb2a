import type { Instant } from '@catena/domain'
import { impactOf, inventoryEntry, type CredentialHistory } from '@catena/governance'
import { QueryBus } from '@nestjs/cqrs'
import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql'
import { Allow } from '../../caller/allow.js'
import { Credential } from '../../credentials/credential.model.js'
import type { RequestLoaders } from '../../request-loaders.js'
import { DateTime } from '../../scalars/index.js'
import { CHAINS_OF_A_HISTORY, FindHistory } from '../history/find-history.js'
import { InventoryEntry } from './inventory.model.js'

/** Consumers of so long ago would notice a revocation. */
const IMPACT_DAYS = 30

@Allow('auditor', 'security-engineer')
@Resolver(() => Credential)
export class InventoryResolver {
  constructor(private readonly queries: QueryBus) {}

  @ResolveField(() => InventoryEntry, {
    nullable: true,
    description: 'What is known of it at a moment, as known at this cut. Null where nothing was known of it then.',
  })
  async inventory(
    @Parent() { asOf, id }: Credential,
    @Args('on', { type: () => DateTime, nullable: true, description: 'The moment; left out: now.' })
    on: Instant | null | undefined,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<InventoryEntry | null> {
    loaders.spendChains(CHAINS_OF_A_HISTORY)
    const history = await this.queries.execute(new FindHistory(asOf, id, on ?? undefined))
    return history === undefined ? null : toEntry(history)
  }
}

function toEntry(history: CredentialHistory): InventoryEntry {
  const [entry, impact] = [inventoryEntry(history), impactOf(history, IMPACT_DAYS)]
  const { shared, ageDays, locations, extractors, reach } = entry
  return {
    at: history.at,
    kind: entry.kind ?? null,
    issuance: entry.issuance,
    sharedObserved: shared.observed,
    sharedDeclared: shared.declared ?? null,
    environment: entry.environment ?? null,
    environmentsSeen: [...entry.environmentsSeen],
    purpose: entry.purpose ?? null,
    scope: entry.scope ?? null,
    privilegedBy: entry.privilegedBy ?? null,
    versionsSeen: entry.versionsSeen,
    lastRotation: entry.lastRotation ?? null,
    ageDays: ageDays?.days ?? null,
    ageAtLeast: ageDays?.atLeast ?? false,
    lastUse: entry.lastUse ?? null,
    locations: locations.map((location) => ({ ...location, version: location.version ?? null })),
    extractors: [...extractors],
    reach: {
      workloads: [...reach.workloads],
      agents: [...reach.agents],
      people: [...reach.people],
      declared: [...reach.declared],
    },
    wouldBreak: { consumers: [...impact.consumers], complete: impact.complete, copies: impact.copies },
  }
}
