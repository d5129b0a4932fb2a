import type { Instant, Key } from '@catena/domain'
import { credentialsSeenBy, secretsSeenBy, type SeenBy, type SeenSecret } from '@catena/governance'
import { AccessReader, type KnownAsOf } from '@catena/projections'
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs'

/** How many credentials a person may have seen: what a list of them costs. */
export class CountSeenSecrets extends Query<number> {
  constructor(
    readonly asOf: KnownAsOf,
    readonly person: Key,
    readonly at: Instant,
  ) {
    super()
  }
}

@QueryHandler(CountSeenSecrets)
export class CountSeenSecretsHandler implements IQueryHandler<CountSeenSecrets> {
  constructor(private readonly reader: AccessReader) {}

  async execute({ asOf, person, at }: CountSeenSecrets): Promise<number> {
    return (await credentialsSeenBy(this.reader, asOf, person, at)).seen.length
  }
}

export class ListSeenSecrets extends Query<SeenBy<SeenSecret>> {
  constructor(
    readonly asOf: KnownAsOf,
    readonly person: Key,
    readonly at: Instant,
  ) {
    super()
  }
}

@QueryHandler(ListSeenSecrets)
export class ListSeenSecretsHandler implements IQueryHandler<ListSeenSecrets> {
  constructor(private readonly reader: AccessReader) {}

  execute({ asOf, person, at }: ListSeenSecrets): Promise<SeenBy<SeenSecret>> {
    return secretsSeenBy(this.reader, asOf, person, at)
  }
}
