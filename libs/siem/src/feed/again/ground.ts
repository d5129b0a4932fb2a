import { dueOf, isUncovered, keyOf, tokenPathOf, type Chain, type FederatedLogin } from '@catena/access-chain'
import { isSecretRead, credentialKey, scopeOf, type Instant } from '@catena/domain'

/** What a told chain rests on and no key leads from. When that changes, it is told again. */
export interface Ground {
  readonly factId: string
  readonly at: Instant
  /** A slot, a path of tokens, or a vault's leases; `at`: when it ended what was obtained, or when that is due. `since`: when that had been wrapped. */
  readonly ender?: { readonly name: string; readonly at: Instant; readonly since?: Instant }
  /** Federated logins that the path leads or may lead through: they are placed by clocks. */
  readonly logins: readonly Pick<FederatedLogin, 'presenter' | 'issuer' | 'at'>[]
  readonly isUncovered: boolean
}

/** Later than any record's time: nothing has ended it yet. */
export const NOT_YET: Instant = 9e12

export function groundOf(chain: Chain): Ground {
  const ender = enderOf(chain)
  return {
    factId: chain.fact.factId,
    at: chain.fact.occurredAt,
    ...(ender === undefined ? {} : { ender }),
    logins: chain.logins,
    isUncovered: isUncoveredChain(chain),
  }
}

function enderOf({ fact, content, end }: Chain): Ground['ender'] {
  if (fact.outcome !== 'succeeded') return undefined
  const lease = keyOf(fact, 'lease')
  if ((fact.kind === 'lease-issued' || content !== undefined) && lease !== undefined)
    return end.at === undefined ? undefined : { name: leasesOf(scopeOf(lease)), at: end.at }
  const path = tokenPathOf(fact)
  const due = dueOf(fact)
  if (path !== undefined && due !== undefined) return { name: path, at: due }
  const slot =
    (isSecretRead(fact.kind) || content !== undefined) && fact.target !== undefined
      ? credentialKey(fact.target)
      : undefined
  if (slot === undefined) return undefined
  return { name: slot, at: end.at ?? NOT_YET, ...(content?.since === undefined ? {} : { since: content.since }) }
}

/** All leases of a vault: which of them ended by a request to revoke a prefix, their ends tell. */
export function leasesOf(scope: string): string {
  return `leases of ${scope}`
}

function isUncoveredChain({ path, actor }: Chain): boolean {
  const links = path.links.map(({ reason }) => reason)
  const reasons = [path.reason, ...links, actor.kind === 'missing' ? actor.reason : undefined]
  return isUncovered(reasons, [...path.caveats, ...actor.caveats])
}
