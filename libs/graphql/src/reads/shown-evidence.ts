import {
  defaultFieldResolver,
  getNamedType,
  isObjectType,
  type GraphQLFieldResolver,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql'

/**
 * On a type: showing one of its objects is a read of evidence, named by this member of the object; `true`: it has no name of its own.
 * `@Extensions({ evidence: 'id' })`
 */
export const EVIDENCE_EXTENSION = 'evidence'

/** What one request was shown. */
export class ShownEvidence {
  readonly fields = new Set<string>()
  readonly shown = new Set<string>()

  get isEmpty(): boolean {
    return this.fields.size === 0
  }
}

export interface ShowingContext {
  readonly shown: ShownEvidence
}

type Resolve = GraphQLFieldResolver<unknown, ShowingContext>

/** Makes every field that leads to evidence note what it gave out, by whatever alias, fragment or path it was asked. */
export function noteShownEvidence(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue
    for (const field of Object.values(type.getFields())) {
      const target = getNamedType(field.type)
      const leads = isRead(target) || isRead(nodeOf(target))
      if (leads)
        field.resolve = noting((field.resolve ?? defaultFieldResolver) as Resolve, `${type.name}.${field.name}`, target)
    }
  }
  return schema
}

function noting(resolve: Resolve, coordinate: string, type: GraphQLNamedType): Resolve {
  const note = (value: unknown, { fields, shown }: ShownEvidence): unknown => {
    // That there is nothing was told, too.
    fields.add(coordinate)
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
      const name = nameOf(type, one)
      if (name !== undefined) shown.add(name)
    }
    return value
  }
  return (source, args, context, info) => {
    const value = resolve(source, args, context, info)
    return value instanceof Promise
      ? value.then((found: unknown) => note(found, context.shown))
      : note(value, context.shown)
  }
}

function nameOf(type: GraphQLNamedType, value: unknown): string | undefined {
  const member = type.extensions[EVIDENCE_EXTENSION]
  if (typeof member !== 'string' || typeof value !== 'object' || value === null) return undefined
  const name = (value as Record<string, unknown>)[member]
  return typeof name === 'string' || typeof name === 'number' ? `${type.name}:${name}` : undefined
}

function isRead(type: GraphQLNamedType | undefined): boolean {
  return type?.extensions[EVIDENCE_EXTENSION] !== undefined
}

/** Of a connection. */
function nodeOf(type: GraphQLNamedType): GraphQLNamedType | undefined {
  const edges = isObjectType(type) ? type.getFields()['edges'] : undefined
  const edge = edges && getNamedType(edges.type)
  const node = isObjectType(edge) ? edge.getFields()['node'] : undefined
  return node && getNamedType(node.type)
}
