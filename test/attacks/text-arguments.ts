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
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql'
import { sampleArgument } from '../../apps/api/test/sample-argument.js'

/** A question whose variable `$t` stands where a caller may write text. */
export interface TextArgument {
  /** `Evidence.retrievals(filter.vault)` */
  readonly place: string
  readonly query: string
}

const NO_TEXT = ['Int', 'Float', 'Boolean', 'Position', 'Count']
const HOLES_DEEP_MAX = 4

/** Every place of the schema, reached from a root or from the evidence, at which a caller writes text. */
export function textArguments(schema: GraphQLSchema): TextArgument[] {
  return ['Query', 'Mutation', 'Evidence', 'Credential'].flatMap((name) => {
    const type = schema.getType(name)
    if (!isObjectType(type)) return []
    return Object.values(type.getFields()).flatMap((field) => ofField(name, field))
  })
}

function ofField(type: string, field: GraphQLField<unknown, unknown>): TextArgument[] {
  return field.args.flatMap((argument) =>
    holes(argument.type, HOLES_DEEP_MAX).map(({ path, value, variable }) => {
      const others = field.args.filter((one) => one !== argument && isRequiredArgument(one)).map(sampleArgument)
      const call = `${field.name}(${[`${argument.name}: ${value}`, ...others].join(', ')})${selectionOf(field.type)}`
      return {
        place: `${type}.${field.name}(${[argument.name, ...path].join('.')})`,
        query: within(type, call, variable),
      }
    }),
  )
}

const within = (type: string, call: string, variable: string): string => {
  if (type === 'Mutation') return `mutation($t: ${variable}!) { ${call} }`
  if (type === 'Query') return `query($t: ${variable}!) { ${call} }`
  if (type === 'Evidence') return `query($t: ${variable}!) { evidence { ${call} } }`
  return `query($t: ${variable}!) { evidence { credentials(first: 1) { edges { node { ${call} } } } } }`
}

interface Hole {
  readonly path: readonly string[]
  readonly value: string
  /** Type of the variable. */
  readonly variable: string
}

/** Values of a type with the variable at one place and samples at all others that are required. */
function holes(type: GraphQLInputType, deep: number): Hole[] {
  if (isNonNullType(type)) return holes(type.ofType, deep)
  if (isListType(type)) return holes(type.ofType, deep).map((one) => ({ ...one, value: `[${one.value}]` }))
  if (isEnumType(type)) return []
  if (!isInputObjectType(type))
    return NO_TEXT.includes(type.name) ? [] : [{ path: [], value: '$t', variable: type.name }]
  if (deep === 0) return []
  const fields = Object.values(type.getFields())
  return fields.flatMap((field) =>
    holes(field.type, deep - 1).map(({ path, value, variable }) => {
      const others = fields.filter((one) => one !== field && isRequiredInputField(one)).map(sampleArgument)
      return {
        path: [field.name, ...path],
        value: `{ ${[`${field.name}: ${value}`, ...others].join(', ')} }`,
        variable,
      }
    }),
  )
}

/** Lists tell how much they hold, everything else its type. */
function selectionOf(type: GraphQLOutputType): string {
  const named = getNamedType(type)
  if (isLeafType(named)) return ''
  return isObjectType(named) && named.getFields()['edges'] !== undefined ? ' { edges { cursor } }' : ' { __typename }'
}
