import { keysOf, type FactIndex } from '@catena/access-chain'
import type { Key } from '@catena/domain'

/** Workloads for which one of these people answers, or ever did: whether they still do is asked when it is judged. */
export async function sponsoredBy(index: Pick<FactIndex, 'factsBy'>, people: readonly Key[]): Promise<Key[]> {
  const facts = await index.factsBy(
    people.map((key) => ({ key })),
    'relates',
  )
  const observed = [...facts.values()].flat().filter(({ kind }) => kind === 'sponsor-observed')
  return [...new Set(observed.flatMap((fact) => keysOf(fact, 'workload')))]
}
