import { FORWARD_MAX, type Chain } from '@catena/access-chain'
import type { Activity, Key } from '@catena/domain'
import {
  AccessReader,
  idsOf,
  isWithinParts,
  type FactFilter,
  type KnownAsOf,
  type Page,
  type PageRequest,
} from '@catena/projections'
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs'
import { passes } from './fact-filter.js'
import { followPrincipal } from './follow-principal.js'
import { walkCandidates } from './walk-candidates.js'

export interface ChainPage extends Page<Chain> {
  /** The list itself is cut short: more came through the principal's keys than one look forward follows. */
  readonly truncated: boolean
}

/** Chains of requests, newest first: one walk for the page. */
export class ListChains extends Query<ChainPage> {
  constructor(
    readonly asOf: KnownAsOf,
    readonly filter: FactFilter,
    readonly principal: Key | undefined,
    readonly page: PageRequest,
  ) {
    super()
  }
}

@QueryHandler(ListChains)
export class ListChainsHandler implements IQueryHandler<ListChains> {
  constructor(private readonly reader: AccessReader) {}

  execute(query: ListChains): Promise<ChainPage> {
    return query.principal === undefined ? this.ofAll(query) : this.ofPrincipal(query, query.principal)
  }

  private async ofAll({ asOf, filter, page }: ListChains): Promise<ChainPage> {
    return { ...(await this.reader.chainsOf(asOf, filter, page)), truncated: false }
  }

  private async ofPrincipal({ asOf, filter, page }: ListChains, principal: Key): Promise<ChainPage> {
    const names = filter.credential === undefined ? [] : await this.namesOf(asOf, filter.credential)
    const { facts, isCut, keeps } = await followPrincipal(this.reader, asOf, principal)
    // Narrowed first: what the caller may not see neither counts against the limit nor shows by it.
    const meant = facts
      .filter((one) => isMeant(one, filter, names))
      .map(([fact]) => fact)
      .sort((a, b) => b.occurredAt - a.occurredAt)
    const chains = await walkCandidates(this.reader, asOf, meant.slice(0, FORWARD_MAX), keeps, page)
    return { ...chains, truncated: isCut || meant.length > FORWARD_MAX }
  }

  private async namesOf(asOf: KnownAsOf, credential: string): Promise<readonly string[]> {
    return (await this.reader.credentialNames(asOf, [credential])).get(credential) ?? []
  }
}

/** Any of the credentials that it may have been is enough, but who may see one of them must not learn of the others. */
function isMeant(facts: readonly Activity[], filter: FactFilter, names: readonly string[]): boolean {
  const anywhere = { ...filter, within: undefined }
  return (
    facts.every(({ target }) => isWithinParts(target?.containerName, idsOf(target), filter.within)) &&
    facts.some((fact) => passes(fact, anywhere, names))
  )
}
