import type { FactIndex } from '@catena/access-chain'
import type { Activity, Key } from '@catena/domain'

/** Those of the workloads for which one of these people answers, or ever did: whether they still do is asked when it is judged. */
export async function sponsoredBy(
  index: Pick<FactIndex, 'factsBy'>,
  people: ReadonlySet<Key>,
  workloads: readonly Key[],
): Promise<Key[]> {
  const facts = await index.factsBy(
    workloads.map((key) => ({ key })),
    'relates',
  )
  return workloads.filter((workload) => facts.get(workload)?.some((fact) => namesOneOf(fact, people)))
}

function namesOneOf({ kind, groups }: Activity, people: ReadonlySet<Key>): boolean {
  return kind === 'sponsor-observed' && groups.some(({ forms }) => forms.some(({ key }) => people.has(key)))
}
