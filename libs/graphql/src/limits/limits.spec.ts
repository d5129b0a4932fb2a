import { describe, expect, it } from '@jest/globals'
import { Kind, parse, type OperationDefinitionNode } from 'graphql'
import { CallerBudgets } from './caller-budgets.js'
import { VALUES_MAX } from './limit-queries.js'
import { queryCost } from './query-cost.js'

const costOf = (query: string, variables = {}, document = parse(query)) => {
  const operation = document.definitions.find(
    ({ kind }) => kind === Kind.OPERATION_DEFINITION,
  ) as OperationDefinitionNode
  return queryCost(document, operation, variables)
}

describe('the cost of a query', () => {
  it('multiplies what stands in lists in lists', () => {
    const query =
      'query($n: Int) { evidence { credentials(first: 100) { edges { node { chains(first: $n) { edges { node { id } } } } } } } }'
    expect(costOf(query, { n: 50 }).values).toBeGreaterThan(100 * 50)
    expect(costOf(query, { n: 50 }).values).toBeLessThan(100 * 50 * 5)
    const byDefault = query.replace('$n: Int', '$n: Int = 50')
    expect(costOf(byDefault).values).toBe(costOf(query, { n: 50 }).values)
    expect(costOf(byDefault, { n: 10 }).values).toBe(costOf(query, { n: 10 }).values)
    expect(costOf('{ e { c { edges { node { id } } } } }').values).toBeGreaterThan(20)
  })

  it('multiplies by what an argument lists, as answers about each of it do', () => {
    const ids = (count: number) => Array.from({ length: count }, (_, n) => `i${n}`)
    const query = (items: string, given = '') => `mutation${given} { open(items: ${items}) { items { id status } } }`
    const given = costOf(query('$i', '($i: [String!]!)'), { i: ids(700) }).values
    expect(given).toBe(1 + 700 * 3)
    expect(costOf(query(JSON.stringify(ids(700)))).values).toBe(given)
    expect(costOf(query('$i', `($i: [String!]! = ${JSON.stringify(ids(700))})`)).values).toBe(given)
    expect(costOf(query('[]')).values).toBe(costOf(query('"one"')).values)
  })

  it('multiplies by a list whose edges stand in a fragment, as by any other', () => {
    const plain = '{ e { credentials { edges { node { chains { edges { node { id } } } } } } } }'
    const inline =
      '{ e { credentials { ... { edges { node { chains { ... on C { ... { edges { node { id } } } } } } } } } } }'
    const named =
      '{ e { credentials { ...a } } } fragment a on D { ...b } fragment b on D { edges { node { chains { ...c } } } } fragment c on C { edges { node { id } } }'
    expect(costOf(plain).values).toBeGreaterThan(20 * 20)
    for (const query of [inline, named]) expect(costOf(query).values).toBe(costOf(plain).values)
  })

  it('counts what is worked out from all that is known by what that takes', () => {
    const dry = (count: number) =>
      costOf(`{ ${Array.from({ length: count }, (_, n) => `d${n}: dryRunCampaign { items }`).join(' ')} }`).values
    expect(dry(4)).toBeLessThan(VALUES_MAX)
    expect(dry(5)).toBeGreaterThan(VALUES_MAX)
    expect(costOf('{ e { joinability { truncated } } }').values).toBeGreaterThan(VALUES_MAX / 20)
  })

  it('opens fragments, those of a bomb but a few times each, and does not follow circles', () => {
    const bomb = Array.from({ length: 40 }, (_, n) => `fragment f${n} on T { ...f${n + 1} ...f${n + 1} }`).join(' ')
    const query = `{ a { ...f0 } } ${bomb} fragment f40 on T { x }`
    let opened = 0
    const open = <T>(inner: T): T => {
      if (++opened > 1_000) throw new Error('the bomb went off')
      return inner
    }
    const definitions = parse(query).definitions.map((one) =>
      one.kind === Kind.FRAGMENT_DEFINITION ? { ...one, get selectionSet() { return open(one.selectionSet) } } : one,
    ) // prettier-ignore
    expect(costOf(query, {}, { kind: Kind.DOCUMENT, definitions }).values).toBeGreaterThan(2 ** 40)
    expect(opened).toBeLessThanOrEqual(3 * 41)
    expect(costOf('{ a { ...f } } fragment f on T { b { ...g } } fragment g on T { c { ...f } }').depth).toBeLessThan(
      10,
    )
  })

  it('counts levels and aliases wherever they stand, and sees who asks for the schema', () => {
    expect(costOf(`{ a ${'{ b '.repeat(49)}${'}'.repeat(49)} }`).depth).toBe(50)
    expect(
      costOf(`{ ${Array.from({ length: 30 }, (_, n) => `x${n}: a`).join(' ')} ...f } fragment f on Q { y: a }`).aliases,
    ).toBe(31)
    expect(costOf('{ a ...__schema } fragment __schema on Q { b }').introspects).toBe(false)
    expect(costOf('{ a ...f } fragment f on Q { s: __schema { types { name } } }').introspects).toBe(true)
  })
})

describe('the budget of a caller', () => {
  it('is its own, runs out, and comes back', () => {
    let now = 0
    const budgets = new CallerBudgets(100, () => now)
    expect(budgets.spend('a', 80)).toBe(true)
    expect(budgets.spend('a', 30)).toBe(false)
    expect(budgets.spend('b', 30)).toBe(true)
    now = 15_000
    expect(budgets.spend('a', 30)).toBe(true)
    now = 600_000
    expect(budgets.spend('a', 101)).toBe(false)
    expect(budgets.spend('a', 100)).toBe(true)
  })
})
