import { describe, expect, it } from '@jest/globals'
import { buildSchema, defaultFieldResolver } from 'graphql'
import { withResolvers } from './served-schema.js'

const text = `interface Named { name: String }
  type Dog implements Named { name: String, age: Int }
  type Cat implements Named { name: String }
  type Query { dog: Dog }`
const [named, ofDog, dog] = [() => 'named', () => 'of a dog', () => ({})]
const resolved = (schema = buildSchema(text), resolvers: Parameters<typeof withResolvers>[1]) => {
  const types = withResolvers(schema, resolvers).getTypeMap()
  return (type: string, field: string) =>
    (types[type] as unknown as { getFields(): Record<string, { resolve?: unknown }> }).getFields()[field]?.resolve
}

describe('the resolvers of the schema that is served', () => {
  it('are those of the type, else those of its interfaces', () => {
    const of = resolved(undefined, { Query: { dog }, Named: { name: named }, Dog: { name: ofDog } })
    expect([of('Query', 'dog'), of('Dog', 'name'), of('Cat', 'name')]).toEqual([dog, ofDog, named])
  })

  it('leave a field as it is that has none', () => {
    const schema = buildSchema(text)
    const age = (schema.getTypeMap()['Dog'] as never as { getFields(): Record<'age', { resolve: unknown }> }).getFields().age // prettier-ignore
    age.resolve = defaultFieldResolver
    expect(resolved(schema, { Query: { dog } })('Dog', 'age')).toBe(defaultFieldResolver)
  })

  it('are refused where they belong to nothing that is served', () => {
    expect(() => resolved(undefined, { Bird: { name: named } })).toThrow('resolvers of Bird')
    expect(() => resolved(undefined, { Dog: { tail: named } })).toThrow('a resolver of Dog.tail')
  })
})
