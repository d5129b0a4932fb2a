import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql'

const SAMPLES: Readonly<Record<string, string>> = {
  Int: '1',
  Float: '1',
  Boolean: 'true',
  Position: '1',
  Count: '1',
  DateTime: '"2026-01-01T00:00:00Z"',
}

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
  const given = field.args
    .filter(isRequiredArgument)
    .map((argument: GraphQLArgument) => `${argument.name}: ${sampleOf(argument.type)}`)
  const call = given.length === 0 ? field.name : `${field.name}(${given.join(', ')})`
  return isLeafType(getNamedType(field.type)) ? call : `${call} { __typename }`
}

function sampleOf(type: GraphQLInputType): string {
  if (isNonNullType(type)) return sampleOf(type.ofType)
  if (isListType(type)) return `[${sampleOf(type.ofType)}]`
  if (isEnumType(type)) return type.getValues()[0]?.name ?? 'null'
  if (!isInputObjectType(type)) return SAMPLES[type.name] ?? '"sample"'
  const members = Object.values(type.getFields()).filter(isRequiredInputField)
  return `{ ${members.map((member) => `${member.name}: ${sampleOf(member.type)}`).join(', ')} }`
}
