import { Kind, type FieldNode, type GraphQLResolveInfo, type SelectionNode, type ValueNode } from 'graphql'

/**
 * The `after` arguments anywhere below this field. A page that reads on decides the state of knowledge of the whole answer,
 * and it must be known before the first child is resolved.
 */
export function cursorsWithin(info: GraphQLResolveInfo): string[] {
  const cursors = new Set<string>()
  const opened = new Set<string>()
  const visit = (node: FieldNode | SelectionNode): void => {
    if (node.kind === Kind.FRAGMENT_SPREAD) {
      const name = node.name.value
      if (opened.has(name)) return
      opened.add(name)
      info.fragments[name]?.selectionSet.selections.forEach(visit)
      return
    }
    const after = node.kind === Kind.FIELD ? afterOf(node, info) : undefined
    if (after !== undefined) cursors.add(after)
    node.selectionSet?.selections.forEach(visit)
  }
  info.fieldNodes.forEach(visit)
  return [...cursors]
}

function afterOf(node: FieldNode, info: GraphQLResolveInfo): string | undefined {
  const value = node.arguments?.find((argument) => argument.name.value === 'after')?.value
  return value === undefined ? undefined : textOf(value, info)
}

function textOf(value: ValueNode, info: GraphQLResolveInfo): string | undefined {
  if (value.kind === Kind.STRING) return value.value
  const given = value.kind === Kind.VARIABLE ? info.variableValues[value.name.value] : undefined
  return typeof given === 'string' ? given : undefined
}
