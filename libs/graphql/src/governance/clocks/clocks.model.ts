import type { Instant } from '@catena/domain'
import type { RevocationTrigger } from '@catena/governance'
import { Field, Float, Int, ObjectType } from '@nestjs/graphql'
import { Evidenced } from '../../records/evidenced.model.js'
import { declareEnum } from '../../scalars/declare-enum.js'
import { DateTime } from '../../scalars/index.js'

export const RevocationTriggerEnum = declareEnum<RevocationTrigger>(
  'RevocationTrigger',
  'What should have ended access.',
  {
    'role changed': 'Somebody who had it moved or left a group.',
    left: 'Somebody who had it left, or was locked out.',
    'grant ended': 'The grant of somebody who had it ran out or was revoked.',
    contained: 'The incident that it was issued for was contained.',
    'job disabled': 'The job that it is tied to was disabled.',
    exposed: 'It leaked, was found, misused or sent in the open.',
    'torn down': 'The environment or pipeline that had it was torn down.',
    'cut over': 'What used it uses something else.',
    'release closed': 'The release that the signing key was lent for closed.',
    'break-glass closed': 'The emergency that it was taken for was closed.',
  },
)

@ObjectType({
  implements: () => [Evidenced],
  description: 'How long it took from what should have ended access to the end that records show.',
})
export class RevocationClock extends Evidenced {
  @Field(() => RevocationTriggerEnum, { description: 'What should have ended it.' })
  readonly trigger!: RevocationTrigger

  @Field(() => String, { description: 'Of whom or of what.' })
  readonly name!: string

  @Field(() => DateTime, { description: 'When that happened.' })
  readonly at!: Instant

  @Field(() => DateTime, { nullable: true, description: 'When it ended, as records show; null: no end is seen, and the clock runs.' })
  readonly endedAt!: Instant | null

  @Field(() => Float, { description: 'Hours from there to the end, or to the moment asked about; 0 where it had ended before.' })
  readonly hoursOpen!: number

  @Field(() => Int, { description: 'How often it was obtained after that and before its end, among the newest retrievals.' })
  readonly usesSince!: number

  @Field(() => [String], { description: 'Sources that saw it obtained since and never before: use in a second system.' })
  readonly newSources!: string[]
} // prettier-ignore
