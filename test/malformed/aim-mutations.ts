import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql'
import { printApiSchema } from '../../libs/graphql/src/schema.js'
import type { Malformer } from './malformer.js'
import { shot, type Aim } from './shoot.js'

/** Values that are well formed as JSON and wrong, or odd, as almost anything. */
const ODD: readonly unknown[] = [
  null, true, -1, 0, 1.5, 1e308, 2 ** 53, '', ' ', '\0', '\ud800', '-1', '99999999999999999999', '2026-13-01T00:00:00Z', '9999-12-31T23:59:59Z', '-000001-01-01T00:00:00Z',
  "'; DROP TABLE event; --", '__proto__', 'constructor', '../../etc/passwd', 'http://169.254.169.254/', 'person:', 'person:a/b:c', 'x'.repeat(20_000), 'a\r\nb', '\u001b[2J',
  [], {}, [[]], [null], [1, 'x'], { __typename: 'x' }, JSON.parse('{"__proto__":{"x":1}}'), Array.from({ length: 2_000 }, () => 'x'), deep(500),
] // prettier-ignore

function deep(levels: number): unknown {
  return JSON.parse('['.repeat(levels) + ']'.repeat(levels)) as unknown
}

/** Every mutation of the schema, by name and in turn, with variables of which one to three are odd or spoiled. */
export const aimMutations: Aim = ({ url, headers }, malformer) => {
  const reading = printApiSchema().then((text) => mutationsOf(buildSchema(text)))
  let next = 0
  return async () => {
    const mutations = await reading
    const { query, variables } = mutations[next++ % mutations.length] as Mutation
    let spoiled: unknown = variables(malformer)
    for (let change = 0; change <= Math.floor(malformer.next() * 3); change++) spoiled = spoilOne(spoiled, malformer)
    const body = JSON.stringify({ query, variables: spoiled })
    return shot(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })
  }
}

interface Mutation {
  readonly query: string
  readonly variables: (malformer: Malformer) => Record<string, unknown>
}

function mutationsOf(schema: GraphQLSchema): Mutation[] {
  return Object.values(schema.getMutationType()?.getFields() ?? {}).map(mutationOf)
}

function mutationOf({ name, args }: GraphQLField<unknown, unknown>): Mutation {
  const [declared, given] = [args.map((arg) => `$${arg.name}: ${String(arg.type)}`), args.map((arg) => `${arg.name}: $${arg.name}`)] // prettier-ignore
  const call = args.length === 0 ? name : `${name}(${given.join(', ')})`
  return {
    query: `mutation${args.length === 0 ? '' : `(${declared.join(', ')})`} { ${call} { __typename } }`,
    variables: (malformer) => Object.fromEntries(args.map((arg) => [arg.name, soundValue(arg.type, malformer)])),
  }
}

const SOUND: Readonly<Record<string, readonly unknown[]>> = {
  Int: [0, 1, 7],
  Float: [0.5, 24],
  Boolean: [true, false],
  DateTime: ['2026-11-28T12:00:00Z'],
  Position: ['1', '7'],
  Key: ['person:keycloak/acme:ann', 'group:keycloak/acme:ops'],
}

function soundValue(type: GraphQLInputType, malformer: Malformer): unknown {
  if (isNonNullType(type)) return soundValue(type.ofType, malformer)
  if (isListType(type)) return Array.from({ length: Math.floor(malformer.next() * 3) }, () => soundValue(type.ofType, malformer)) // prettier-ignore
  if (isEnumType(type)) return malformer.pick(type.getValues()).name
  if (!isInputObjectType(type)) return malformer.pick(SOUND[type.name] ?? ['x', 'a reason', 'https://a.invalid/x'])
  const fields = Object.values(type.getFields()).filter((field) => isNonNullType(field.type) || malformer.next() < 0.4)
  return Object.fromEntries(fields.map((field) => [field.name, soundValue(field.type, malformer)]))
}

/** Somewhere inside: a value replaced by an odd one, a text spoiled, a member taken away or one too many. */
function spoilOne(value: unknown, malformer: Malformer): unknown {
  const isOver = malformer.next() < 0.25
  if (typeof value === 'string') return malformer.next() < 0.5 ? malformer.spoil(value) : malformer.pick(ODD)
  if (Array.isArray(value) && value.length > 0 && !isOver) {
    const at = Math.floor(malformer.next() * value.length)
    return value.map((each: unknown, index) => (index === at ? spoilOne(each, malformer) : each))
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return malformer.pick(ODD)
  const members = Object.entries(value as Record<string, unknown>)
  if (members.length === 0 || (isOver && malformer.next() < 0.3)) return { ...value, [malformer.spoil('name')]: malformer.pick(ODD) } // prettier-ignore
  const [name, each] = malformer.pick(members)
  return isOver ? Object.fromEntries(members.filter(([other]) => other !== name)) : { ...value, [name]: spoilOne(each, malformer) } // prettier-ignore
}
