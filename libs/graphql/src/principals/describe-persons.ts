import type { Activity, Key } from '@catena/domain'
import { AccessReader, type KnownAsOf } from '@catena/projections'
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs'

/** Facts that describe each principal, by time, in the order of the keys. */
export class DescribePersons extends Query<(readonly Activity[])[]> {
  constructor(
    readonly asOf: KnownAsOf,
    readonly keys: readonly Key[],
  ) {
    super()
  }
}

@QueryHandler(DescribePersons)
export class DescribePersonsHandler implements IQueryHandler<DescribePersons> {
  constructor(private readonly reader: AccessReader) {}

  async execute({ asOf, keys }: DescribePersons): Promise<(readonly Activity[])[]> {
    const lookups = [...new Set(keys)].map((key) => ({ key }))
    const found = await this.reader.index(asOf).factsBy(lookups, 'describes')
    return keys.map((key) => found.get(key) ?? [])
  }
}
