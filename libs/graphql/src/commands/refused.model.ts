import { isRefusal, type Refusal } from '@catena/domain'
import { createUnionType, Field, ObjectType } from '@nestjs/graphql'
import type { Type } from '@nestjs/common'

@ObjectType({ description: 'A rule said no. Nothing was changed.' })
export class Refused {
  @Field(() => String, { description: 'Which rule, for programs, e.g. `OWN_REQUEST`.' })
  readonly code!: string

  @Field(() => String, { description: 'Why, and what to do instead.' })
  readonly message!: string
}

export function toRefused({ refused, message }: Refusal): Refused {
  return Object.assign(new Refused(), { code: refused, message })
}

/** What a mutation answers: its outcome, or the rule that refused it. Resolvers return either an instance of the type or a Refused. */
export function resultUnion<T>(name: string, type: () => Type<T>): ReturnType<typeof createUnionType> {
  return createUnionType({
    name,
    description: `What came of the command, or the rule that refused it.`,
    types: () => [type(), Refused] as const,
    resolveType: (value: unknown) => (value instanceof Refused ? Refused : type()),
  })
}

/** The answer of a command in the words of the API. */
export function toResult<T, R>(answer: T | Refusal, convert: (handled: T) => R): R | Refused {
  return isRefusal(answer) ? toRefused(answer) : convert(answer)
}
