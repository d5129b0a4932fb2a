import type { Verdict as VerdictWord } from '@catena/governance'
import { Field, ID, Int, ObjectType } from '@nestjs/graphql'
import { Position } from '../../scalars/index.js'
import { VerdictEnum } from '../verdicts/verdict.model.js'

@ObjectType({ description: 'One entry of a framework, and how far credentials meet it. Each counts once, by the worst of the entry’s controls.' })
export class FrameworkEntryCoverage {
  @Field(() => String, { description: 'The framework.' })
  readonly framework!: string

  @Field(() => String, { description: 'Id of the entry, as its publisher writes it.' })
  readonly canonical!: string

  @Field(() => String, { nullable: true, description: 'The id that guidance cites for it, where that is another.' })
  readonly cited!: string | null

  @Field(() => [ID], { description: 'The controls that answer to it.' })
  readonly controls!: string[]

  @Field(() => VerdictEnum, { description: 'The worst over all credentials; unknown where no control applies to any.' })
  readonly verdict!: VerdictWord

  @Field(() => Int, { description: 'Credentials under control.' })
  readonly controlled!: number

  @Field(() => Int, { description: 'Credentials under an exception in force.' })
  readonly exception!: number

  @Field(() => Int, { description: 'Credentials not under control.' })
  readonly uncontrolled!: number

  @Field(() => Int, { description: 'Credentials of which it is not known. They are no pass.' })
  readonly unknown!: number
} // prettier-ignore

@ObjectType({ description: 'How far frameworks are met by the verdicts that stand now.' })
export class FrameworkCoverage {
  @Field(() => Int, { description: 'Version of the crosswalk from controls to frameworks.' })
  readonly crosswalkVersion!: number

  @Field(() => Int, { description: 'Credentials that were judged.' })
  readonly credentials!: number

  @Field(() => Position, { nullable: true, description: 'The oldest state of knowledge among the verdicts; null where nothing was judged yet.' })
  readonly position!: number | null

  @Field(() => [FrameworkEntryCoverage], { description: 'The entries, in the order of the crosswalk.' })
  readonly entries!: FrameworkEntryCoverage[]
} // prettier-ignore
