import { formatInstant, parseInstant, type Instant } from '@catena/domain'
import { GraphQLScalarType, Kind } from 'graphql'
import { badInput } from '../errors/api-error.js'

const RFC3339 = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:Z|[+-]\d{2}:\d{2})$/

/** A time as GraphQL's DateTime; instants inside. */
export const DateTime = new GraphQLScalarType<Instant, string>({
  name: 'DateTime',
  description:
    'A time as RFC 3339 writes it, with its offset and up to microseconds: 2026-03-01T08:00:00Z. Answers are in UTC.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: (value) => formatInstant(value as Instant),
  parseValue: instantOf,
  parseLiteral: (node) => instantOf(node.kind === Kind.STRING ? node.value : undefined),
})

function instantOf(value: unknown): Instant {
  const day = typeof value === 'string' ? RFC3339.exec(value)?.[1] : undefined
  const instant = day === undefined || !isDay(day) ? undefined : parseInstant(value)
  if (instant !== undefined) return instant
  throw badInput(
    'write a time as RFC 3339 with an offset and at most six digits of a second, e.g. 2026-03-01T08:00:00.250Z',
  )
}

/** JavaScript turns 30 February into 2 March. */
function isDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)
}
