import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from '@jest/globals'
import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  type GraphQLNamedType,
} from 'graphql'
import { printApiSchema } from './schema.js'

const FILE = fileURLToPath(new URL('../../../schema.graphql', import.meta.url))

describe('the schema', () => {
  let printed: string
  beforeAll(async () => {
    printed = await printApiSchema()
    if (process.env.UPDATE_SCHEMA === '1') writeFileSync(FILE, printed)
  })

  it('is the one that schema.graphql holds (write it anew with UPDATE_SCHEMA=1)', () => {
    expect(printed).toBe(readFileSync(FILE, 'utf8'))
  })

  it('describes every type, field, argument and value', () => {
    const types = Object.values(buildSchema(printed).getTypeMap())
    const own = types.filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type))
    const described = own.flatMap(partsOf).filter(([name]) => name !== 'Query' && name !== 'Mutation')
    expect(described.length).toBeGreaterThan(200)
    expect(described.filter(([, description]) => !description).map(([name]) => name)).toEqual([])
  })

  it('R1.4 gives every statement that rests on records its positions and records', () => {
    const schema = buildSchema(printed)
    const statements = schema.getPossibleTypes(schema.getType('Evidenced') as never).map(({ name }) => name)
    expect(statements).toEqual(
      expect.arrayContaining(['Link', 'AttributedActor', 'AmbiguousActor', 'MissingActor', 'Right', 'Effect', 'End']),
    )
  })

  it('changes nothing but the quarantine, by a release', () => {
    const mutations = Object.keys(buildSchema(printed).getMutationType()?.getFields() ?? {})
    expect(mutations).toEqual(expect.arrayContaining(['issueApiToken', 'releaseQuarantined', 'revokeApiToken']))
  })
})

type Part = readonly [name: string, description: string | null | undefined]

function partsOf(type: GraphQLNamedType): Part[] {
  const self: Part = [type.name, type.description]
  if (isEnumType(type))
    return [self, ...type.getValues().map((value): Part => [`${type.name}.${value.name}`, value.description])]
  if (isInputObjectType(type))
    return [
      self,
      ...Object.values(type.getFields()).map((field): Part => [`${type.name}.${field.name}`, field.description]),
    ]
  if (!isObjectType(type) && !isInterfaceType(type)) return [self]
  const fields = Object.values(type.getFields()).flatMap((field): Part[] => [
    [`${type.name}.${field.name}`, field.description],
    ...field.args.map((argument): Part => [`${type.name}.${field.name}(${argument.name})`, argument.description]),
  ])
  return [self, ...fields]
}
