import { listSharing, readSharing, type SharingEntry, type SharingKind } from '@catena/governance'
import type { KnownAsOf, Page, PageRequest } from '@catena/projections'
import { Inject } from '@nestjs/common'
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs'
import { DECISIONS, type DecisionDesk } from '../commands/decision-desk.js'

export class SharingOfCredential extends Query<SharingEntry[]> {
  constructor(
    readonly asOf: KnownAsOf,
    readonly credential: string,
  ) {
    super()
  }
}

@QueryHandler(SharingOfCredential)
export class SharingOfCredentialHandler implements IQueryHandler<SharingOfCredential> {
  constructor(@Inject(DECISIONS) private readonly desk: Pick<DecisionDesk, 'pool'>) {}

  async execute({ asOf, credential }: SharingOfCredential): Promise<SharingEntry[]> {
    return (await readSharing(this.desk.pool, [credential], asOf)).get(credential) ?? []
  }
}

export class ListSharing extends Query<Page<SharingEntry>> {
  constructor(
    readonly asOf: KnownAsOf,
    readonly kind: SharingKind,
    readonly status: string | undefined,
    readonly page: PageRequest,
  ) {
    super()
  }
}

@QueryHandler(ListSharing)
export class ListSharingHandler implements IQueryHandler<ListSharing> {
  constructor(@Inject(DECISIONS) private readonly desk: Pick<DecisionDesk, 'pool'>) {}

  async execute({ asOf, kind, status, page }: ListSharing): Promise<Page<SharingEntry>> {
    const before = page.after?.[0] === undefined ? undefined : Number(page.after[0])
    const found = await listSharing(this.desk.pool, kind, status, asOf, { before, limit: page.limit + 1 })
    const items = found.slice(0, page.limit).map(({ entry, position }) => ({ item: entry, place: [String(position)] }))
    return { items, hasMore: found.length > page.limit }
  }
}
