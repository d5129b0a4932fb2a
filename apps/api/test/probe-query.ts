import {
  getNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql'
import { sampleArgument } from './sample-argument.js'

/** A question that needs only the given field, `Query.evidence` or `Evidence.record`; undefined: no path to its type is known. */
export function probeQuery(schema: GraphQLSchema, coordinate: string): string | undefined {
  const [type = '', name = ''] = coordinate.split('.')
  const on = schema.getType(type)
  const field = isObjectType(on) ? on.getFields()[name] : undefined
  if (field === undefined) return undefined
  const asked = selectionOf(field)
  if (type === 'Query') return `{ ${asked} }`
  if (type === 'Mutation') return `mutation { ${asked} }`
  return type === 'Evidence' ? `{ evidence { ${asked} } }` : undefined
}

/** With a sample for each argument that is required. */
function selectionOf(field: GraphQLField<unknown, unknown>): string {
  const given = field.args.filter(isRequiredArgument).map(sampleArgument)
  const call = given.length === 0 ? field.name : `${field.name}(${given.join(', ')})`
  return isLeafType(getNamedType(field.type)) ? call : `${call} { __typename }`
}
