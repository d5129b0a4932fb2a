import { listRegistered, readStewardships, type Registration } from '@catena/governance'
import {
  AccessReader,
  isWithinParts,
  type CredentialEntry,
  type KnownAsOf,
  type Page,
  type PageRequest,
  type SlotPart,
} from '@catena/projections'
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs'

type Seen = 'firstSeenAt' | 'lastSeenAt'
/** Of what no record tells nobody has seen anything. */
export type KnownCredential = Omit<CredentialEntry, Seen> & Partial<Pick<CredentialEntry, Seen>>

/** Registered by hand, in this state of knowledge and by its time. */
export async function registeredCredential(
  pool: AccessReader['pool'],
  asOf: KnownAsOf,
  id: string,
  within: readonly SlotPart[] | undefined,
): Promise<KnownCredential | undefined> {
  if (!/^[0-9a-f]{32}$/.test(id) || !isWithinParts(undefined, [id], within)) return undefined
  const registration = (await readStewardships(pool, asOf.position, [id])).get(id)?.registration
  return registration === undefined || registration.at > (asOf.validAt ?? Infinity)
    ? undefined
    : entryOf(id, registration)
}

export class ListRegistered extends Query<Page<KnownCredential>> {
  constructor(
    readonly asOf: KnownAsOf,
    readonly page: PageRequest,
  ) {
    super()
  }
}

@QueryHandler(ListRegistered)
export class ListRegisteredHandler implements IQueryHandler<ListRegistered> {
  constructor(private readonly reader: AccessReader) {}

  async execute({ asOf, page: { after, limit } }: ListRegistered): Promise<Page<KnownCredential>> {
    const found = await listRegistered(this.reader.pool, asOf.position, after?.[0], limit + 1, asOf.validAt)
    const items = found
      .slice(0, limit)
      .flatMap(({ id, state: { registration } }) =>
        registration === undefined ? [] : [{ item: entryOf(id, registration), place: [id] }],
      )
    return { items, hasMore: found.length > limit }
  }
}

function entryOf(id: string, { system, path }: Registration): KnownCredential {
  return { id, system, container: undefined, containerName: undefined, path }
}
