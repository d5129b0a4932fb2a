import { GraphQLSchemaBuilderModule, GraphQLSchemaFactory } from '@nestjs/graphql'
import { NestFactory } from '@nestjs/core'
import { getNullableType, lexicographicSortSchema, printSchema, type GraphQLSchema } from 'graphql'
import { RESOLVERS } from './resolvers.js'

/** Each command answers for itself: where one of a request fails, what came of those before it is told all the same. */
export function answerEachCommand(schema: GraphQLSchema): GraphQLSchema {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {}))
    field.type = getNullableType(field.type)
  return schema
}

/** The schema as `schema.graphql` holds it; needs no database. */
export async function printApiSchema(): Promise<string> {
  const app = await NestFactory.createApplicationContext(GraphQLSchemaBuilderModule, { logger: false })
  try {
    const schema = await app.get(GraphQLSchemaFactory).create(RESOLVERS)
    return `${printSchema(lexicographicSortSchema(answerEachCommand(schema)))}\n`
  } finally {
    await app.close()
  }
}
