import { isRetrieval, type Key } from '@catena/domain'
import { AccessReader, type KnownAsOf, type PageRequest } from '@catena/projections'
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs'
import type { ChainPage } from '../chains/list-chains.js'
import { walkCandidates } from '../chains/walk-candidates.js'

/** Retrievals that made one of the keys or came through it, newest first. */
export class FollowKeys extends Query<ChainPage> {
  constructor(
    readonly asOf: KnownAsOf,
    readonly keys: readonly Key[],
    readonly page: PageRequest,
  ) {
    super()
  }
}

@QueryHandler(FollowKeys)
export class FollowKeysHandler implements IQueryHandler<FollowKeys> {
  constructor(private readonly reader: AccessReader) {}

  async execute({ asOf, keys, page }: FollowKeys): Promise<ChainPage> {
    const names = [...new Set([...(await this.reader.index(asOf).equated(keys)).values()].flat())]
    const made = await this.reader.index(asOf).factsBy(
      names.map((key) => ({ key })),
      'establishes',
    )
    const { facts, truncated } = await this.reader.usesOf(asOf, names)
    const all = new Map([...[...made.values()].flat(), ...facts].map((fact) => [fact.factId, fact]))
    const retrievals = [...all.values()].filter(isRetrieval)
    return { ...(await walkCandidates(this.reader, asOf, retrievals, () => true, page)), truncated }
  }
}

export class FindKeys extends Query<Key[]> {
  constructor(
    readonly asOf: KnownAsOf,
    readonly term: string,
  ) {
    super()
  }
}

@QueryHandler(FindKeys)
export class FindKeysHandler implements IQueryHandler<FindKeys> {
  constructor(private readonly reader: AccessReader) {}

  execute({ asOf, term }: FindKeys): Promise<Key[]> {
    return this.reader.findKeys(asOf, term.trim())
  }
}
