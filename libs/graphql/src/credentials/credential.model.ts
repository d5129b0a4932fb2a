import type { Instant } from '@catena/domain'
import type { KnownAsOf } from '@catena/projections'
import { Extensions, Field, ID, InputType, ObjectType } from '@nestjs/graphql'
import { connectionTypeOf } from '../paging/connection.js'
import { DateTime } from '../scalars/index.js'

@Extensions({ evidence: 'id' })
@ObjectType({
  description: 'A slot that holds a credential, as records or a registration name it. Catena never holds its value.',
})
export class Credential {
  @Field(() => ID, { description: 'Opaque and stable.' })
  readonly id!: string

  @Field(() => String, { description: 'The system that keeps it, as `<kind>/<scope>`.' })
  readonly system!: string

  @Field(() => String, { nullable: true, description: 'Immutable id of its container.' })
  readonly container!: string | null

  @Field(() => String, { nullable: true, description: 'Name of its container, e.g. the mount `secret/`.' })
  readonly containerName!: string | null

  @Field(() => String, { description: 'Path inside the container.' })
  readonly path!: string

  @Field(() => DateTime, {
    nullable: true,
    description: 'The earliest that records tell of it; null where none does and it was registered by hand.',
  })
  readonly firstSeenAt!: Instant | null

  @Field(() => DateTime, {
    nullable: true,
    description: 'The latest that records tell of it, in this state of knowledge; null where none does.',
  })
  readonly lastSeenAt!: Instant | null

  readonly asOf!: KnownAsOf
}

@ObjectType({ description: 'A page of credentials, by system, container and path.' })
export class CredentialConnection extends connectionTypeOf('Credential', 'credentials', () => Credential) {}

@InputType({ description: 'Which credentials; every member narrows.' })
export class CredentialFilter {
  @Field(() => String, { nullable: true, description: 'Kept by this system, e.g. `vault/prod-1`.' })
  readonly system?: string | null

  @Field(() => String, { nullable: true, description: 'In the container of this name, e.g. `secret/`.' })
  readonly container?: string | null

  @Field(() => String, { nullable: true, description: 'Whose container and path contain this text, in any case.' })
  readonly search?: string | null
}
