import { KEY_LENGTH_MAX, type Key } from '@catena/domain'
import type { Cut } from '@catena/ledger'
import { GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql'
import { badInput } from '../errors/api-error.js'

/** Checked where it is used: only the read models know how far they have read. */
export const CutScalar = new GraphQLScalarType<Cut, string>({
  name: 'Cut',
  description:
    'A state of knowledge: everything recorded up to one moment. Opaque: take it from an earlier answer and hand it back.',
  serialize: (value) => value as Cut,
  parseValue: (value) => textOf(value, 'a cut') as Cut,
  parseLiteral: (node) => textOf(valueFromASTUntyped(node), 'a cut') as Cut,
})

export const KeyScalar = new GraphQLScalarType<Key, string>({
  name: 'Key',
  description:
    'A correlation key as `namespace:scope:value`, e.g. `ci-run:github/github.com:4711`; compared as an exact string.',
  serialize: (value) => value as Key,
  parseValue: keyOf,
  parseLiteral: (node) => keyOf(valueFromASTUntyped(node)),
})

export const JsonScalar = new GraphQLScalarType({
  name: 'JSON',
  description: 'Any JSON value.',
  serialize: (value) => value,
})

/** A JSON number: exact to 2^53, which GraphQL's Int (2^31) is not. */
export const Position = wholeNumber(
  'Position',
  'Place of an entry in the ledger, contiguous from 1. A whole number that may exceed 32 bits; also accepted as a string of digits.',
)

export const Count = wholeNumber('Count', 'How many. A whole number that may exceed 32 bits.')

function wholeNumber(name: string, description: string): GraphQLScalarType<number, number> {
  return new GraphQLScalarType<number, number>({
    name,
    description,
    serialize: (value) => value as number,
    parseValue: wholeOf,
    parseLiteral: (node) => wholeOf(node.kind === Kind.INT || node.kind === Kind.STRING ? node.value : undefined),
  })
}

function wholeOf(value: unknown): number {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : ''
  const number = /^\d{1,16}$/.test(text) ? Number(text) : NaN
  if (Number.isSafeInteger(number)) return number
  throw badInput('write a whole number from 0, e.g. 4711')
}

function keyOf(value: unknown): Key {
  const key = textOf(value, 'a key')
  if (key.length > KEY_LENGTH_MAX)
    throw badInput(`write a key with at most ${KEY_LENGTH_MAX} characters, as answers name it`)
  return key as Key
}

function textOf(value: unknown, what: string): string {
  if (typeof value === 'string') return value
  throw badInput(`write ${what} as a string`)
}
