import type { Chain, EndAspect } from '@catena/access-chain'
import type { Activity, Key } from '@catena/domain'
import { retrievalOf, summarise, type AccessSummary as Summed, type Retrieval } from '@catena/governance'
import type { AccessReader, CredentialEntry } from '@catena/projections'
import type { AccessRow, Accessor } from '@catena/recertification'
import type { AsOf } from '@catena/access-chain'

/** Retrievals walked at once. */
const PAGE = 100

/** Accesses to one credential, from the chains of all its retrievals; in the order of the accessors' ids. */
export async function accessRowsOf(
  reader: AccessReader,
  asOf: AsOf,
  credential: CredentialEntry,
): Promise<AccessRow[]> {
  const retrievals: Retrieval[] = []
  const ends = new Map<string, EndAspect>()
  let after: readonly string[] | undefined
  for (;;) {
    const page = await reader.facts(asOf, { credential: credential.id }, { limit: PAGE, after })
    const chains = await reader.chains(asOf, page.items.map(({ item }) => item)) // prettier-ignore
    const hops = await hopsOf(reader, asOf, chains)
    retrievals.push(...chains.map((chain) => retrievalOf(chain, hops)))
    for (const chain of chains) ends.set(chain.fact.factId, chain.end)
    if (!page.hasMore) break
    after = page.items.at(-1)?.place
  }
  return summarise(credential.id, retrievals).map((summed) =>
    rowOf(
      credential,
      summed,
      retrievals.filter(({ accessor }) => accessor.id === summed.accessor.id),
      ends.get(summed.newest.fact),
    ),
  )
}

async function hopsOf(reader: AccessReader, asOf: AsOf, chains: readonly Chain[]): Promise<ReadonlyMap<string, Activity>> {
  const ids = [...new Set(chains.flatMap(({ path }) => path.links.flatMap(({ to }) => to)))]
  return ids.length === 0 ? new Map() : reader.index(asOf).facts(ids)
} // prettier-ignore

function rowOf(
  credential: CredentialEntry,
  summed: Summed,
  own: readonly Retrieval[],
  end: EndAspect | undefined,
): AccessRow {
  const { id, system, container, containerName, path } = credential
  const worst = summed.worst ?? { path: 'missing' as const, actor: 'missing' as const }
  return {
    credential: { id, system, container: containerName ?? container ?? '', path },
    accessor: accessorOf(summed.accessor),
    // Grants of people are not joined to accesses yet: none is recorded, which is what the item says.
    grant: undefined,
    firstUsedAt: summed.firstAt,
    lastUsedAt: summed.lastAt,
    uses: summed.succeeded,
    refused: summed.denied + summed.other,
    chain: weaker(worst.path, worst.actor),
    weakest: weakestOf(own),
    initiators: keysOf(own.map(({ initiator }) => initiator?.key)),
    approvers: keysOf(own.flatMap(({ right }) => right.approvals.map(({ approver }) => approver))),
    version: summed.newest.version,
    privileged: undefined,
    environment: summed.environments[0],
    verdict: 'unknown',
    failedControls: [],
    copies: undefined,
    ended:
      end?.at === undefined || end.how === undefined
        ? undefined
        : { at: end.at, how: end.how, positions: end.evidence },
    evidence: summed.newest.positions,
  }
}

const STRENGTH = ['missing', 'ambiguous', 'inferred', 'proven'] as const
type State = (typeof STRENGTH)[number]

function weaker(a: State, b: State): State {
  return STRENGTH.indexOf(a) <= STRENGTH.indexOf(b) ? a : b
}

function accessorOf({ kind, name, keys, reason }: Summed['accessor']): Accessor {
  const [key] = keys
  if (kind === 'shared') return { kind, name }
  if (kind === 'ambiguous') return { kind, candidates: keys.map((each) => ({ key: each, name: each, aliases: [] })) }
  if (kind === 'unknown' || key === undefined) return { kind: 'unknown', reason: `${name}: ${reason ?? 'not recorded'}` }
  return { kind: kind === 'person' ? 'person' : 'workload', key, name, aliases: keys.slice(1) }
} // prettier-ignore

function weakestOf(own: readonly Retrieval[]): string {
  const weakest = own.reduce<Retrieval | undefined>((a, b) => (a === undefined || strength(b) < strength(a) ? b : a), undefined)
  if (weakest === undefined) return 'nothing was obtained'
  const { path, actor } = weakest
  return `path ${path.state}${path.reason === undefined ? '' : ` (${path.reason})`}, actor ${actor.state}${actor.reason === undefined ? '' : ` (${actor.reason})`}`
} // prettier-ignore

function strength({ path, actor }: Retrieval): number {
  return STRENGTH.indexOf(weaker(path.state, actor.state))
}

function keysOf(keys: readonly (Key | undefined)[]): Key[] {
  return [...new Set(keys.filter((key) => key !== undefined))].sort()
}
