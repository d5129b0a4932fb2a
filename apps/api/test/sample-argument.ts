import {
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
} from 'graphql'

const SAMPLES: Readonly<Record<string, string>> = {
  Int: '1',
  Float: '1',
  Boolean: 'true',
  Position: '1',
  Count: '1',
  DateTime: '"2026-01-01T00:00:00Z"',
}

/** `name: value` with a value that the type takes; of an object, only what it requires. */
export function sampleArgument({ name, type }: GraphQLArgument | GraphQLInputField): string {
  return `${name}: ${sampleOf(type)}`
}

function sampleOf(type: GraphQLInputType): string {
  if (isNonNullType(type)) return sampleOf(type.ofType)
  if (isListType(type)) return `[${sampleOf(type.ofType)}]`
  if (isEnumType(type)) return type.getValues()[0]?.name ?? 'null'
  if (!isInputObjectType(type)) return SAMPLES[type.name] ?? '"sample"'
  return `{ ${Object.values(type.getFields()).filter(isRequiredInputField).map(sampleArgument).join(', ')} }`
}
