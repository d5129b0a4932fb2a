import { GraphQLSchemaBuilderModule, GraphQLSchemaFactory, type GqlModuleOptions } from '@nestjs/graphql'
import { NestFactory } from '@nestjs/core'
import { lexicographicSortSchema, printSchema } from 'graphql'
import { RESOLVERS } from './resolvers.js'

/** Of every schema that is made from the resolvers, served or printed. */
export const SCHEMA_OPTIONS = {
  sortSchema: true,
  inheritResolversFromInterfaces: true,
} satisfies Partial<GqlModuleOptions>

/** The schema as `schema.graphql` holds it; needs no database. */
export async function printApiSchema(): Promise<string> {
  const app = await NestFactory.createApplicationContext(GraphQLSchemaBuilderModule, { logger: false })
  try {
    const schema = await app.get(GraphQLSchemaFactory).create(RESOLVERS)
    return `${printSchema(lexicographicSortSchema(schema))}\n`
  } finally {
    await app.close()
  }
}
