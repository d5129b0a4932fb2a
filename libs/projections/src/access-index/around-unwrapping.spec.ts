import { form, makeKey, type Activity, type Key } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { aroundEach, type NamedEdge } from './around-unwrapping.js'
import { uuidOf } from './identity.js'

const nameOf = (name: string): Key => makeKey('vault-token', 'v-1', name)

function fact(
  factId: string,
  position: number,
  role: string,
  verb: 'establishes' | 'presents',
  name: string,
): Activity {
  const groups = [{ role, verb, trust: 'verified', forms: [form(nameOf(name))] }]
  return { factId, kind: 'response-unwrapped', attributes: {}, positions: [position], groups } as unknown as Activity
}

const wrapped = (factId: string, position: number, name: string) => fact(factId, position, 'wrapping', 'establishes', name) // prettier-ignore
const unwrapping = (name: string) => fact('unwrapping', 9_999, 'opened', 'presents', name)

function edge(a: string, b: string, position: number): NamedEdge {
  const [from, to] = [nameOf(a), nameOf(b)]
  return { a: from, b: to, position, between: [uuidOf(from), uuidOf(to)] }
}

describe('what is looked at for an unwrapping', () => {
  it('R1.4 is what its own wrapping leads to, by whichever of its names', () => {
    const makers = [wrapped('own', 1, 'one'), wrapped('other', 2, 'two')]
    const edges = [edge('one', 'middle', 3), edge('middle', 'uno', 4), edge('two', 'dos', 5)]
    const { makers: found, edges: shown } = aroundEach(makers, edges)(unwrapping('uno'))
    expect([found.map(({ factId }) => factId), shown.map(({ position }) => position)]).toEqual([['own'], [3, 4]])
  })

  it('R1.4 R7.1 is bounded where thousands share a value that is no wrapping’s, the earliest known first, so that later ones move no earlier answer', () => {
    const makers = Array.from({ length: 3_000 }, (_, n) => wrapped(`m${n}`, 3_000 - n, 'one'))
    const edges = Array.from({ length: 3_000 }, (_, n) => edge('one', `name ${n}`, 3_000 - n))
    const around = aroundEach(makers, edges)(unwrapping('one'))
    expect([around.makers.length, around.edges.length]).toEqual([16, 128])
    expect([around.makers[0]?.positions, around.makers.at(-1)?.positions, around.edges[0]?.position]).toEqual([[1], [16], 1]) // prettier-ignore
  })
})
