import type { EmploymentState } from '@catena/directory'
import type { Instant, Key } from '@catena/domain'
import type { KnownAsOf } from '@catena/projections'
import { Extensions, Field, ObjectType } from '@nestjs/graphql'
import { connectionTypeOf } from '../paging/connection.js'
import { Evidenced } from '../records/evidenced.model.js'
import { declareEnum } from '../scalars/declare-enum.js'
import { DateTime, KeyScalar } from '../scalars/index.js'

const EmploymentStates = declareEnum<EmploymentState>('EmploymentState', 'Whether somebody worked here.', {
  active: 'A directory says so.',
  'on leave': 'Away for a time.',
  disabled: 'The account may not be used.',
  left: 'Gone.',
  unknown: 'No directory says; it is never taken for a yes.',
})

@ObjectType({ implements: () => [Evidenced], description: 'Whether somebody worked here, and since when.' })
export class Employment extends Evidenced {
  @Field(() => EmploymentStates, { description: 'The state.' })
  readonly state!: EmploymentState

  @Field(() => DateTime, { nullable: true, description: 'Since when; null: before the first record of it.' })
  readonly since!: Instant | null
}

@ObjectType({ implements: () => [Evidenced], description: 'To whom somebody reported.' })
export class Manager extends Evidenced {
  @Field(() => KeyScalar, { description: 'The manager.' })
  readonly person!: Key

  @Field(() => Boolean, { description: 'Concluded from what was stated later, with no change known in between.' })
  readonly readBack!: boolean
}

@Extensions({ evidence: 'person' })
@ObjectType({ implements: () => [Evidenced], description: 'Somebody in a group, for a time.' })
export class GroupMembership extends Evidenced {
  @Field(() => KeyScalar, { description: 'The group.' })
  readonly group!: Key

  @Field(() => String, { description: 'Its newest name; empty where none is known.' })
  readonly groupName!: string

  @Field(() => KeyScalar, { description: 'The member.' })
  readonly person!: Key

  @Field(() => DateTime, { nullable: true, description: 'Since when; null: before the first record of it.' })
  readonly from!: Instant | null

  @Field(() => DateTime, { nullable: true, description: 'Until when; null: no end is on record.' })
  readonly to!: Instant | null

  @Field(() => Boolean, {
    description:
      'No record states its beginning; of a group that was deleted and restored, it is not known whether it is one.',
  })
  readonly readBack!: boolean
}

@Extensions({ evidence: 'person' })
@ObjectType({ implements: () => [Evidenced], description: 'What directories said of a person at one moment.' })
export class DirectoryPerson extends Evidenced {
  @Field(() => KeyScalar, { description: 'Identifies the person.' })
  readonly person!: Key

  @Field(() => DateTime, { description: 'The moment.' })
  readonly at!: Instant

  @Field(() => String, { description: 'Login name; the bare id where none is known.' })
  readonly name!: string

  @Field(() => String, { nullable: true, description: 'Name for people.' })
  readonly displayName!: string | null

  @Field(() => String, { nullable: true, description: 'E-mail address.' })
  readonly email!: string | null

  @Field(() => String, { nullable: true, description: 'Title.' })
  readonly title!: string | null

  @Field(() => String, { nullable: true, description: 'Department.' })
  readonly department!: string | null

  @Field(() => Manager, { nullable: true, description: 'Manager; null where no directory says.' })
  readonly manager!: Manager | null

  @Field(() => Employment, { description: 'Whether the person worked here.' })
  readonly employment!: Employment

  @Field(() => [GroupMembership], { description: 'Groups of that moment.' })
  readonly groups!: readonly GroupMembership[]

  declare readonly asOf: KnownAsOf
}

@ObjectType({ description: 'A page of members, by key.' })
export class GroupMembershipConnection extends connectionTypeOf('GroupMembership', 'members', () => GroupMembership) {}
