import { namespaceOf, type Activity, type Key, type Namespace } from '@catena/domain'
import { AccessReader, type KnownAsOf, type Page, type PageRequest } from '@catena/projections'
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs'
import type { PrincipalKind } from './principal.model.js'

export interface PrincipalEntry {
  readonly key: Key
  readonly kind: PrincipalKind
  readonly descriptions: readonly Activity[]
  /** A fact that calls it by a name. */
  readonly naming: Activity | undefined
}

export class ListPrincipals extends Query<Page<PrincipalEntry>> {
  constructor(
    readonly asOf: KnownAsOf,
    readonly kinds: readonly PrincipalKind[],
    readonly search: string | undefined,
    readonly page: PageRequest,
  ) {
    super()
  }
}

const NAMESPACES: Readonly<Record<PrincipalKind, Namespace>> = {
  person: 'person',
  workload: 'repository',
  account: 'vault-account',
  entity: 'vault-entity',
  agent: 'agent',
  'tool-server': 'tool-server',
}
/** Names of persons by which people search. */
const PERSON_NAMES: readonly Namespace[] = ['person-name', 'person-email']
/** Names that one search follows to their persons. */
const NAMES_MAX = 500

@QueryHandler(ListPrincipals)
export class ListPrincipalsHandler implements IQueryHandler<ListPrincipals> {
  constructor(private readonly reader: AccessReader) {}

  async execute({ asOf, kinds, search, page }: ListPrincipals): Promise<Page<PrincipalEntry>> {
    const orKeys = search === undefined || !kinds.includes('person') ? [] : await this.personsNamed(asOf, search)
    const namespaces = kinds.map((kind) => NAMESPACES[kind])
    const { items, hasMore } = await this.reader.principals(asOf, { namespaces, search, orKeys }, page)
    const described = await this.described(asOf, items.map(({ item }) => item.key)) // prettier-ignore
    const undescribed = items.map(({ item }) => item.key).filter((key) => (described.get(key) ?? []).length === 0)
    const naming = await this.reader.newestBound(asOf, undescribed)
    return {
      items: items.map(({ item: { key }, place }) => ({
        item: { key, kind: kindOf(key), descriptions: described.get(key) ?? [], naming: naming.get(key) },
        place,
      })),
      hasMore,
    }
  }

  /** A person's own key is an id that nobody knows by heart. */
  private async personsNamed(asOf: KnownAsOf, search: string): Promise<Key[]> {
    const names = await this.reader.principals(asOf, { namespaces: PERSON_NAMES, search }, { limit: NAMES_MAX })
    const facts = [...(await this.described(asOf, names.items.map(({ item }) => item.key))).values()].flat() // prettier-ignore
    const keys = facts.flatMap((fact) => fact.groups.flatMap((group) => group.forms.map((form) => form.key)))
    return [...new Set(keys.filter((key) => namespaceOf(key) === 'person'))]
  }

  private described(asOf: KnownAsOf, keys: readonly Key[]): Promise<Map<Key, readonly Activity[]>> {
    return this.reader.index(asOf).factsBy(
      keys.map((key) => ({ key })),
      'describes',
    )
  }
}

function kindOf(key: Key): PrincipalKind {
  const namespace = namespaceOf(key)
  const kinds = Object.keys(NAMESPACES) as PrincipalKind[]
  return kinds.find((kind) => NAMESPACES[kind] === namespace) ?? 'account'
}
