import { GraphQLSchemaBuilderModule, GraphQLSchemaFactory } from '@nestjs/graphql'
import { NestFactory } from '@nestjs/core'
import { describe, expect, it } from '@jest/globals'
import { getNamedType, isObjectType, isUnionType, type GraphQLNamedType, type GraphQLSchema } from 'graphql'
import { RESOLVERS } from '../resolvers.js'
import { EVIDENCE_EXTENSION } from './shown-evidence.js'

async function schemaOf(): Promise<GraphQLSchema> {
  const app = await NestFactory.createApplicationContext(GraphQLSchemaBuilderModule, { logger: false })
  const schema = await app.get(GraphQLSchemaFactory).create(RESOLVERS)
  await app.close()
  return schema
}

/** Statements that are reached from the roots by nothing whose showing is recorded. */
function unrecorded(schema: GraphQLSchema): string[] {
  const found: string[] = []
  const seen = new Set<string>()
  const walk = (type: GraphQLNamedType, path: string): void => {
    if (seen.has(type.name) || type.extensions[EVIDENCE_EXTENSION] !== undefined) return
    seen.add(type.name)
    if (isUnionType(type)) type.getTypes().forEach((one) => walk(one, path))
    if (!isObjectType(type)) return
    if (type.getInterfaces().some(({ name }) => name === 'Evidenced')) found.push(`${path}: ${type.name}`)
    else for (const { name, type: of } of Object.values(type.getFields())) walk(getNamedType(of), `${path}.${name}`)
  }
  for (const root of [schema.getQueryType(), schema.getMutationType()]) if (root) walk(root, root.name)
  return found
}

describe('what rests on records', () => {
  it('R7.2 is shown to nobody without that being recorded, whatever the way to it', async () => {
    expect(unrecorded(await schemaOf())).toEqual([])
  })
})
