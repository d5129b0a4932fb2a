import type { PageRequest } from '@catena/projections'
import { ArgsType, Field, Int } from '@nestjs/graphql'
import { ApiError, badInput } from '../errors/api-error.js'
import { readCursor, type ListName } from './cursor.js'

const FIRST_DEFAULT = 20
/** Most items of one page. */
export const FIRST_MAX = 100

@ArgsType()
export class PageArguments {
  @Field(() => Int, { defaultValue: FIRST_DEFAULT, description: `How many items, at most ${FIRST_MAX}.` })
  readonly first!: number

  @Field(() => String, {
    nullable: true,
    description: 'endCursor of the page before. The page continues in the state of knowledge of that page.',
  })
  readonly after?: string | null
}

/** What each part of a list's place looks like: a place that was tampered with is no place. */
export type PlaceForm = readonly RegExp[]

export const FACT_PLACE: PlaceForm = [/^-?\d{1,17}$/, /^[0-9a-f]{32}$/]
export const CREDENTIAL_PLACE: PlaceForm = [/^/, /^/, /^/, /^[0-9a-f]{32}$/]
export const ID_PLACE: PlaceForm = [/^[0-9a-f]{32}$/]
export const KEY_PLACE: PlaceForm = [/^/]
/** Number in a list that is whole in memory. */
export const RANK_PLACE: PlaceForm = [/^\d{1,9}$/]

/** Throws PAGE_TOO_LARGE, BAD_USER_INPUT, BAD_CURSOR. */
export function pageRequest(args: PageArguments, list: ListName, form: PlaceForm): PageRequest {
  if (args.first > FIRST_MAX)
    throw new ApiError(
      'PAGE_TOO_LARGE',
      `first is ${args.first}, at most ${FIRST_MAX} are allowed: page with \`after\``,
    )
  if (args.first < 1) throw badInput(`first is ${args.first}: ask for 1 to ${FIRST_MAX}`)
  if (args.after == null) return { limit: args.first }
  const cursor = readCursor(args.after)
  const fits = cursor.place.length === form.length && form.every((part, index) => part.test(cursor.place[index] ?? ''))
  if (cursor.list !== list || !fits)
    throw new ApiError('BAD_CURSOR', 'this cursor belongs to another list or another filter: begin without `after`')
  return { limit: args.first, after: cursor.place }
}
