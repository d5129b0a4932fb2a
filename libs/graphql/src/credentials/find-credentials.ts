import {
  AccessReader,
  isWithinParts,
  type CredentialEntry,
  type CredentialFilter,
  type KnownAsOf,
  type Page,
  type PageRequest,
  type SlotPart,
} from '@catena/projections'
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs'
import { registeredCredential, type KnownCredential } from './registered-credentials.js'

export class ListCredentials extends Query<Page<CredentialEntry>> {
  constructor(
    readonly asOf: KnownAsOf,
    readonly filter: CredentialFilter,
    readonly page: PageRequest,
  ) {
    super()
  }
}

@QueryHandler(ListCredentials)
export class ListCredentialsHandler implements IQueryHandler<ListCredentials> {
  constructor(private readonly reader: AccessReader) {}

  async execute({ asOf, filter, page }: ListCredentials): Promise<Page<CredentialEntry>> {
    const { items, hasMore } = await this.reader.credentials(asOf, filter, page)
    const seen = await asSeen(this.reader, asOf, items.map(({ item }) => item)) // prettier-ignore
    return { items: items.map(({ place }, index) => ({ item: seen[index] as CredentialEntry, place })), hasMore }
  }
}

export class FindCredential extends Query<KnownCredential | undefined> {
  constructor(
    readonly asOf: KnownAsOf,
    readonly id: string,
    /** Undefined: of any. */
    readonly within?: readonly SlotPart[],
  ) {
    super()
  }
}

@QueryHandler(FindCredential)
export class FindCredentialHandler implements IQueryHandler<FindCredential> {
  constructor(private readonly reader: AccessReader) {}

  async execute({ asOf, id, within }: FindCredential): Promise<KnownCredential | undefined> {
    const entry = await this.reader.credential(asOf, id)
    if (entry === undefined) return registeredCredential(this.reader.pool, asOf, id, within)
    if (!isWithinParts(entry.containerName, [entry.id], within)) return undefined
    return (await asSeen(this.reader, asOf, [entry]))[0]
  }
}

/** The list's own times are of all that is known; an earlier state of knowledge must not tell of later records. */
async function asSeen(
  reader: AccessReader,
  asOf: KnownAsOf,
  entries: readonly CredentialEntry[],
): Promise<CredentialEntry[]> {
  const spans = await reader.credentialSpans(asOf, entries.map(({ id }) => id)) // prettier-ignore
  return entries.map((entry) => ({ ...entry, ...spans.get(entry.id) }))
}
