import {
  Kind,
  type ConstValueNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql'

/** What a query asks for, before anything of it runs. */
export interface QueryCost {
  /** Levels of selections, fragments opened. */
  readonly depth: number
  /** Fields under another name than their own, fragments opened. */
  readonly aliases: number
  /** Values that the answer may have: fields, times the items of each list above them. */
  readonly values: number
  /** Does it ask for the schema? */
  readonly introspects: boolean
}

const NOTHING: QueryCost = { depth: 0, aliases: 0, values: 0, introspects: false }
/** Fields that are worked out from all that is known, however little of it is asked for: in values. */
const WHOLE: ReadonlyMap<string, number> = new Map([
  ['dryRunCampaign', 100_000],
  ['populationCheck', 100_000],
  ['joinability', 50_000],
])
/** Items of a list that says nothing of its length. */
const FIRST_DEFAULT = 20

/**
 * Counts, each fragment once: what spreads a fragment thousandfold is priced without being walked thousandfold. Fragments that lead back
 * to themselves count nothing there; validation refuses them.
 */
export function queryCost(
  document: DocumentNode,
  operation: OperationDefinitionNode | undefined,
  variables: Readonly<Record<string, unknown>>,
): QueryCost {
  const fragments = new Map(
    document.definitions.flatMap((one) =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [],
    ),
  )
  if (operation === undefined) return NOTHING
  return new Counter(fragments, { ...defaultsOf(operation), ...variables }).of(operation.selectionSet)
}

/** Of whole numbers, which say how long lists are, and of lists. */
function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): Readonly<Record<string, unknown>> {
  const entries = variableDefinitions.map(({ variable, defaultValue }) => [variable.name.value, defaultOf(defaultValue)]) // prettier-ignore
  return Object.fromEntries(entries) as Readonly<Record<string, unknown>>
}

function defaultOf(value: ConstValueNode | undefined): unknown {
  if (value?.kind === Kind.LIST) return value.values
  return value?.kind === Kind.INT ? Number(value.value) : undefined
}

class Counter {
  private readonly known = new Map<string, QueryCost>()
  /** Fragments that select `edges`, by name. */
  private readonly paged = new Map<string, boolean>()

  constructor(
    private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    private readonly variables: Readonly<Record<string, unknown>>,
  ) {}

  of({ selections }: SelectionSetNode): QueryCost {
    return selections
      .map((selection) => {
        if (selection.kind === Kind.FIELD) return this.ofField(selection)
        if (selection.kind === Kind.INLINE_FRAGMENT) return this.of(selection.selectionSet)
        return this.ofFragment(selection.name.value)
      })
      .reduce(plus, NOTHING)
  }

  private ofField(field: FieldNode): QueryCost {
    const below = field.selectionSet === undefined ? NOTHING : this.of(field.selectionSet)
    const name = field.name.value
    return {
      depth: below.depth + 1,
      aliases: below.aliases + (field.alias === undefined ? 0 : 1),
      values: (WHOLE.get(name) ?? 1) + below.values * this.itemsOf(field),
      introspects: below.introspects || name === '__schema' || name === '__type',
    }
  }

  private ofFragment(name: string): QueryCost {
    const counted = this.known.get(name)
    const fragment = this.fragments.get(name)
    if (counted !== undefined || fragment === undefined) return counted ?? NOTHING
    this.known.set(name, NOTHING)
    const cost = this.of(fragment.selectionSet)
    this.known.set(name, cost)
    return cost
  }

  /** Lists that can be long multiply: those that are paged, and answers about each of what an argument lists. */
  private itemsOf({ arguments: given = [], selectionSet }: FieldNode): number {
    const listed = Math.max(1, ...given.map(({ value }) => this.lengthOf(value)))
    const first = given.find(({ name }) => name.value === 'first')?.value
    if (first === undefined && !(selectionSet !== undefined && this.selectsEdges(selectionSet))) return listed
    const value =
      first?.kind === Kind.VARIABLE
        ? this.variables[first.name.value]
        : first?.kind === Kind.INT
          ? Number(first.value)
          : undefined
    return typeof value === 'number' && value >= 1 ? value : FIRST_DEFAULT
  }

  private lengthOf(value: ValueNode): number {
    const given = value.kind === Kind.VARIABLE ? this.variables[value.name.value] : value
    if (Array.isArray(given)) return given.length
    return value.kind === Kind.LIST ? value.values.length : 1
  }

  /** Itself, or by fragments, which add no level. */
  private selectsEdges({ selections }: SelectionSetNode): boolean {
    return selections.some((one) => {
      if (one.kind === Kind.FIELD) return one.name.value === 'edges'
      if (one.kind === Kind.INLINE_FRAGMENT) return this.selectsEdges(one.selectionSet)
      return this.fragmentSelectsEdges(one.name.value)
    })
  }

  private fragmentSelectsEdges(name: string): boolean {
    const found = this.paged.get(name)
    const fragment = this.fragments.get(name)
    if (found !== undefined || fragment === undefined) return found ?? false
    this.paged.set(name, false)
    const selects = this.selectsEdges(fragment.selectionSet)
    this.paged.set(name, selects)
    return selects
  }
}

function plus(one: QueryCost, other: QueryCost): QueryCost {
  return {
    depth: Math.max(one.depth, other.depth),
    aliases: one.aliases + other.aliases,
    values: one.values + other.values,
    introspects: one.introspects || other.introspects,
  }
}
