import type { Instant } from '@catena/domain'
import type { TokenRole, TokenStatus } from '@catena/callers'
import { Field, ID, InputType, ObjectType } from '@nestjs/graphql'
import { resultUnion } from '../commands/refused.model.js'
import { connectionTypeOf } from '../paging/connection.js'
import { declareEnum } from '../scalars/declare-enum.js'
import { DateTime } from '../scalars/index.js'

export const TokenRoles = declareEnum<TokenRole>('TokenRole', 'What a token may do.', {
  ingest: 'Deliver records.',
  export: 'Read the feed for other systems.',
  auditor: 'What an auditor may.',
  'security-engineer': 'What a security engineer may.',
  operator: 'What an operator may.',
})

export const TokenStatuses = declareEnum<TokenStatus>('ApiTokenStatus', 'Whether a token can be used.', {
  active: 'It can be used.',
  expired: 'Its time ran out.',
  revoked: 'Somebody took it back.',
})

@ObjectType({ description: 'A key by which a machine or script is known. Its secret is stored nowhere.' })
export class ApiToken {
  @Field(() => ID, { description: 'Public part of the token; the machine is `machine:<id>` in the ledger.' })
  readonly id!: string

  @Field(() => String, { description: 'What it is for.' })
  readonly name!: string

  @Field(() => String, { description: 'Who answers for it.' })
  readonly owner!: string

  @Field(() => [TokenRoles], { description: 'What it may do.' })
  readonly roles!: readonly string[]

  @Field(() => [String], { description: 'Sources that it may deliver for; empty: all.' })
  readonly sources!: readonly string[]

  @Field(() => TokenStatuses, { description: 'Whether it can be used at this moment.' })
  readonly status!: TokenStatus

  @Field(() => String, { description: 'Who issued it.' })
  readonly issuedBy!: string

  @Field(() => DateTime, { description: 'When it was issued.' })
  readonly issuedAt!: Instant

  @Field(() => DateTime, { description: 'When its time runs out.' })
  readonly expiresAt!: Instant

  @Field(() => DateTime, { nullable: true, description: 'When it was last used, to the minute; null: never.' })
  readonly lastUsedAt!: Instant | null

  @Field(() => String, { nullable: true, description: 'Who revoked it.' })
  readonly revokedBy!: string | null

  @Field(() => DateTime, { nullable: true, description: 'When it was revoked.' })
  readonly revokedAt!: Instant | null
}

@ObjectType({ description: 'A page of tokens, by id.' })
export class ApiTokenConnection extends connectionTypeOf('ApiToken', 'tokens', () => ApiToken) {}

@InputType({ description: 'A token to issue.' })
export class ApiTokenInput {
  @Field(() => String, { description: 'What it is for.' })
  readonly name!: string

  @Field(() => TokenRoles, {
    description: 'What it may do. Operators give roles of machines; everybody gives a role of their own.',
  })
  readonly role!: TokenRole

  @Field(() => [String], { defaultValue: [], description: 'Ids of the sources that it may deliver for; empty: all.' })
  readonly sources!: string[]

  @Field(() => DateTime, { description: 'When its time runs out, at most 366 days from now.' })
  readonly expiresAt!: Instant

  @Field(() => String, {
    nullable: true,
    description: 'Who answers for it, as the id of a caller; left out: who issues it.',
  })
  readonly owner?: string | null
}

@ObjectType({ description: 'A token that was issued just now.' })
export class IssuedApiToken {
  @Field(() => ID, { description: 'Its public part.' })
  readonly id!: string

  @Field(() => String, { description: 'The token. It is shown this once and stored nowhere.' })
  readonly token!: string
}

@ObjectType({ description: 'A token that cannot be used any more.' })
export class RevokedApiToken {
  @Field(() => ID, { description: 'Its public part.' })
  readonly id!: string
}

export const IssueApiTokenResult = resultUnion('IssueApiTokenResult', () => IssuedApiToken)
export const RevokeApiTokenResult = resultUnion('RevokeApiTokenResult', () => RevokedApiToken)
