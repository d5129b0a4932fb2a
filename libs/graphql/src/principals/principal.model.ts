import type { Activity, Instant, Key } from '@catena/domain'
import type { KnownAsOf } from '@catena/projections'
import { Extensions, Field, ObjectType } from '@nestjs/graphql'
import { connectionTypeOf } from '../paging/connection.js'
import { Evidenced } from '../records/evidenced.model.js'
import { DateTime, KeyScalar } from '../scalars/index.js'
import { declareEnum } from '../scalars/declare-enum.js'

export type PrincipalKind = 'person' | 'workload' | 'account' | 'entity' | 'agent' | 'tool-server'

export const PrincipalKinds = declareEnum<PrincipalKind>('PrincipalKind', 'What a principal is.', {
  person: 'A person, as an identity provider knows it.',
  workload: 'Software: a repository with its CI runs, one attempt of a run, or another workload.',
  account: 'An account of a vault, not joined to a person by itself.',
  entity: 'An identity of a vault, under which its operator may join accounts.',
  agent: 'An AI agent that its owner registered, or that logged in.',
  'tool-server': 'A server that offers tools to agents.',
})

export type AgentMode = 'attended' | 'autonomous'

export const AgentModes = declareEnum<AgentMode>('AgentMode', 'Whether a person sits with an agent while it works.', {
  attended: 'A person sits with it.',
  autonomous: 'It works by itself.',
})

@ObjectType({ implements: () => [Evidenced], description: 'A name under which records speak of a principal.' })
export class Alias extends Evidenced {
  @Field(() => KeyScalar, { description: 'The name as a correlation key.' })
  readonly key!: Key

  @Field(() => String, { description: 'The system in which the name means the principal.' })
  readonly system!: string

  @Field(() => String, { description: 'What kind of name it is, e.g. `e-mail address`.' })
  readonly kind!: string

  @Field(() => String, { description: 'The name itself.' })
  readonly value!: string

  @Field(() => DateTime, { nullable: true, description: 'Since when it is known to be the principal\u2019s.' })
  readonly validFrom!: Instant | null

  @Field(() => DateTime, { nullable: true, description: 'When it ceased to be; null where no change was recorded.' })
  readonly validTo!: Instant | null
}

@Extensions({ evidence: 'key' })
@ObjectType({ description: 'A person, a workload, an account or an entity, by the key that identifies it best.' })
export class Principal {
  @Field(() => KeyScalar, { description: 'Identifies the principal in filters.' })
  readonly key!: Key

  @Field(() => PrincipalKinds, { description: 'What it is.' })
  readonly kind!: PrincipalKind

  @Field(() => String, {
    description: 'Login name, or repository with run and attempt; the bare id where no name is known.',
  })
  readonly name!: string

  @Field(() => String, { description: 'The system that knows it, e.g. `keycloak/acme`.' })
  readonly system!: string

  @Field(() => Principal, {
    nullable: true,
    description: 'Who answers for an agent or a workload, where that is on record.',
  })
  readonly sponsor?: Principal | null

  @Field(() => AgentModes, {
    nullable: true,
    description: 'Whether a person attended the agent; null where not recorded.',
  })
  readonly mode?: AgentMode | null

  readonly asOf!: KnownAsOf
  /** What describes it, where that is loaded already. */
  readonly descriptions?: readonly Activity[]
}

@ObjectType({ description: 'A page of principals, by key.' })
export class PrincipalConnection extends connectionTypeOf('Principal', 'principals', () => Principal) {}
