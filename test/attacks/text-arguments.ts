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
  type GraphQLObjectType,
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
/** Objects in objects; the spec checks that none is deeper. */
const HOLES_DEEP_MAX = 6

/** Every place of the schema at which a caller writes text: arguments and members of input objects, at any depth, of every reachable field. */
export function textArguments(schema: GraphQLSchema): TextArgument[] {
  return [...routesIn(schema)].flatMap(([type, route]) =>
    Object.values(type.getFields()).flatMap((field) => ofField(type.name, field, route)),
  )
}

/** Puts a selection of a type's fields into a whole operation. */
type Route = (selection: string, variable: string) => string

/**
 * How each object type is reached, by the fields that ask for least: a list of what is there rather than one thing by an id that nothing has,
 * so that the field behind is really asked.
 */
function routesIn(schema: GraphQLSchema): ReadonlyMap<GraphQLObjectType, Route> {
  const routes = new Map<GraphQLObjectType, Route>()
  const open: { readonly type: GraphQLObjectType; readonly cost: number; readonly route: Route }[] = []
  const begin = (operation: string, type: GraphQLObjectType | null | undefined): void => {
    if (type) open.push({ type, cost: 0, route: (selection, variable) => `${operation}($t: ${variable}!) { ${selection} }` }) // prettier-ignore
  }
  begin('query', schema.getQueryType())
  begin('mutation', schema.getMutationType())
  begin('subscription', schema.getSubscriptionType())
  for (;;) {
    const next = open.sort((a, b) => a.cost - b.cost).shift()
    if (next === undefined) return routes
    if (routes.has(next.type)) continue
    routes.set(next.type, next.route)
    for (const field of Object.values(next.type.getFields())) {
      const type = getNamedType(field.type)
      if (!isObjectType(type)) continue
      const given = field.args.filter(isRequiredArgument)
      const call = given.length === 0 ? field.name : `${field.name}(${given.map(sampleArgument).join(', ')})`
      const through: Route = (selection, variable) => next.route(`${call} { ${selection} }`, variable)
      open.push({ type, cost: next.cost + 1 + 10 * given.filter(isText).length, route: through })
    }
  }
}

function isText({ type }: { readonly type: GraphQLInputType }): boolean {
  return holes(type, HOLES_DEEP_MAX).length > 0
}

function ofField(type: string, field: GraphQLField<unknown, unknown>, route: Route): TextArgument[] {
  return field.args.flatMap((argument) =>
    holes(argument.type, HOLES_DEEP_MAX).map(({ path, value, variable }) => {
      const others = field.args.filter((one) => one !== argument && isRequiredArgument(one)).map(sampleArgument)
      const call = `${field.name}(${[`${argument.name}: ${value}`, ...others].join(', ')})${selectionOf(field.type)}`
      return { place: `${type}.${field.name}(${[argument.name, ...path].join('.')})`, query: route(call, variable) }
    }),
  )
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
  if (deep === 0) throw new Error(`${type.name} is nested deeper than is looked`)
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
