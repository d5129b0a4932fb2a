import type { ApolloDriverConfig } from '@nestjs/apollo'
import type { GraphQLSchemaFactory } from '@nestjs/graphql'
import { isInterfaceType, isObjectType, lexicographicSortSchema, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql' // prettier-ignore
import { noteShownEvidence } from './reads/shown-evidence.js'
import { RESOLVERS } from './resolvers.js'
import { answerEachCommand } from './schema.js'

/** By type and field. */
type Resolvers = Readonly<Record<string, Readonly<Record<string, GraphQLFieldResolver<unknown, never>>>>>

/**
 * The schema of the resolvers' classes with what Nest makes of their methods. Left to itself Nest checks the schema by a question, prints it, builds
 * it anew from that text and copies it, at each start.
 */
export async function servedSchema(
  factory: GraphQLSchemaFactory,
): Promise<Pick<ApolloDriverConfig, 'schema' | 'transformResolvers' | 'transformSchema'>> {
  let resolvers: Resolvers = {}
  return {
    // What the check looks for, `printApiSchema` and graphql's own validation find.
    schema: await factory.create(RESOLVERS, { skipCheck: true }),
    transformResolvers: (found) => {
      // A list where scalars may come first, of which there are none.
      resolvers = Object.assign({}, ...[found].flat()) as Resolvers
      return found
    },
    transformSchema: (schema) =>
      lexicographicSortSchema(noteShownEvidence(answerEachCommand(withResolvers(schema, resolvers)))),
  }
}

/** Those of an interface serve every type that has none of its own. Throws where a resolver is of nothing that the schema has. */
export function withResolvers(schema: GraphQLSchema, resolvers: Resolvers): GraphQLSchema {
  for (const [name, ofType] of Object.entries(resolvers)) {
    const type = schema.getType(name)
    if (!isObjectType(type) && !isInterfaceType(type)) throw new Error(`resolvers of ${name}, which is no object`)
    for (const field of Object.keys(ofType))
      if (type.getFields()[field] === undefined) throw new Error(`a resolver of ${name}.${field}, which is no field`)
  }
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue
    const sources = [type, ...type.getInterfaces()].map(({ name }) => resolvers[name])
    for (const field of Object.values(type.getFields())) {
      const resolve = sources.map((source) => source?.[field.name]).find((one) => one !== undefined)
      if (resolve !== undefined) field.resolve = resolve as GraphQLFieldResolver<unknown, unknown>
    }
  }
  return schema
}
