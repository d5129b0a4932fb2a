import type { KnownAsOf } from '@catena/projections'
import { Field, InterfaceType } from '@nestjs/graphql'
import { Position } from '../scalars/index.js'

@InterfaceType({ description: 'A statement that rests on records.' })
export abstract class Evidenced {
  @Field(() => [Position], { description: 'Positions of the records that the statement rests on, ascending.' })
  readonly positions!: readonly number[]

  /** Not part of the schema: the state of knowledge that the statement belongs to. */
  readonly asOf!: KnownAsOf
}
