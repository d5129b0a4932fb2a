import type { Instant, Key } from '@catena/domain'
import { LOCATION_KINDS, type LocationKind } from '@catena/governance'
import { Field, Int, ObjectType } from '@nestjs/graphql'
import { declareEnum } from '../../scalars/declare-enum.js'
import { DateTime, KeyScalar } from '../../scalars/index.js'

export const LocationKindEnum = declareEnum<LocationKind>(
  'LocationKind',
  'What sort of place holds a copy of a credential.',
  Object.fromEntries(LOCATION_KINDS.map((kind) => [kind, `A place of this sort: ${kind.replaceAll('-', ' ')}.`])) as Record<LocationKind, string>, // prettier-ignore
)

@ObjectType({ description: 'That a credential was registered by hand, because no source shows it, or not yet.' })
export class Registration {
  @Field(() => DateTime, { description: 'When it was registered.' })
  readonly at!: Instant

  @Field(() => String, { description: 'Who registered it.' })
  readonly by!: string
}

@ObjectType({
  description: 'A copy of a credential outside its slot, as somebody declared it. Declared is not proven.',
})
export class DeclaredCopy {
  @Field(() => LocationKindEnum, { description: 'What sort of place.' })
  readonly kind!: LocationKind

  @Field(() => String, { description: 'Which place.' })
  readonly place!: string

  @Field(() => Int, { nullable: true, description: 'Version that it holds; null: not said.' })
  readonly version!: number | null

  @Field(() => DateTime, { description: 'When it was declared.' })
  readonly at!: Instant

  @Field(() => String, { description: 'Who declared it.' })
  readonly by!: string
}

@ObjectType({ description: 'That somebody had a credential, as somebody declared it. It proves no access.' })
export class DeclaredCheckout {
  @Field(() => KeyScalar, { description: 'Key of who had it.' })
  readonly key!: Key

  @Field(() => String, { description: 'Name that people know.' })
  readonly name!: string

  @Field(() => DateTime, { description: 'Since when they had it.' })
  readonly from!: Instant

  @Field(() => DateTime, { nullable: true, description: 'Until when; null: not said.' })
  readonly to!: Instant | null

  @Field(() => DateTime, { description: 'When it was declared.' })
  readonly at!: Instant

  @Field(() => String, { description: 'Who declared it.' })
  readonly by!: string
}
