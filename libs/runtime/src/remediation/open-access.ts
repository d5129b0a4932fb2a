import type { AsOf, Chain, EndAspect } from '@catena/access-chain'
import { agreedOutcome, isRetrieval, namespaceOf, valueOf, type Activity, type Key } from '@catena/domain'
import { isObtained, walkChains } from '@catena/governance'
import { credentialOf, type AccessReader } from '@catena/projections'
import { accessorText, type Accessor } from '@catena/recertification'
import type { OpenAccessReader, OpenToken } from '@catena/remediation'
import { accessorOf } from '../recertification/access-rows.js'

const PAGE = 100
/** Hashes by the audit log of Vault (`hmac_accessor`): nobody can revoke by them. */
const HASHED = /^hmac-/

/** What is open of an access, from the chains of its retrievals. */
export function openAccessReader(reader: AccessReader): OpenAccessReader {
  return {
    openOf: async ({ credential, accessor }) => {
      const asOf = { position: await reader.projectedPosition(), validAt: undefined }
      const chains = await chainsOf(reader, asOf, credential, accessor)
      const leases = chains.filter(({ end }) => isOpen(end)).flatMap(({ fact }) => namesIn(fact, 'lease', 'vault-lease'))
      return { leases: [...new Set(leases)], tokens: await openTokens(reader, asOf, credential, chains) }
    },
  }
} // prettier-ignore

/**
 * Of all retrievals that succeeded, or may have, however old, those that can tell of something open: every lease, and of each token the newest. What else
 * came through a token that was walked says nothing more about it.
 */
async function chainsOf(reader: AccessReader, asOf: AsOf, credential: string, accessor: Accessor): Promise<Chain[]> {
  const own: Chain[] = []
  const tokens = new Set<string>()
  let after: readonly string[] | undefined
  for (;;) {
    const page = await reader.facts(asOf, { credential }, { limit: PAGE, after })
    const telling = page.items.map(({ item }) => item).filter((fact) => tellsMore(fact, tokens))
    const walked = telling.length === 0 ? [] : await walkChains(reader, asOf, telling)
    own.push(...walked.filter(({ retrieval }) => accessorText(accessorOf(retrieval.accessor)) === accessorText(accessor)).map(({ chain }) => chain)) // prettier-ignore
    after = page.items.at(-1)?.place
    if (!page.hasMore || after === undefined) return own
  }
}

function tellsMore(fact: Activity, tokens: Set<string>): boolean {
  if (!mayHaveSucceeded(fact)) return false
  const token = keysIn(fact, 'caller', 'vault-token').join(' ')
  const isNew = token === '' || !tokens.has(token)
  tokens.add(token)
  // The lease of what was unwrapped may stand in the request that had it wrapped alone.
  return isNew || fact.kind === 'response-unwrapped' || namesIn(fact, 'lease', 'vault-lease').length > 0
}

/** Half a record, or one on which observers disagree, may tell of what was obtained. */
function mayHaveSucceeded(fact: Activity): boolean {
  return isObtained({ outcome: agreedOutcome(fact) })
}

/** What perhaps ended is open: closing it twice harms nobody. */
function isOpen({ at, state }: EndAspect): boolean {
  return at === undefined || state === 'ambiguous'
}

/** Tokens that obtained it and of which no end is on record, or none that is certain, with what else came through each of them. */
async function openTokens(reader: AccessReader, asOf: AsOf, credential: string, chains: readonly Chain[]): Promise<OpenToken[]> {
  const byToken = new Map<string, { accessor: string | undefined; keys: readonly Key[] }>()
  for (const { fact, callerEnd } of chains) {
    if (callerEnd !== undefined && !isOpen(callerEnd)) continue
    const names = namesIn(fact, 'caller', 'vault-token')
    const accessor = names.find((name) => !HASHED.test(name))
    if (names.length > 0) byToken.set(accessor ?? names.join(), { accessor, keys: keysIn(fact, 'caller', 'vault-token') })
  }
  return Promise.all([...byToken.values()].map(async ({ accessor, keys }) => ({ accessor, alsoReads: await othersThrough(reader, asOf, credential, keys) })))
} // prettier-ignore

async function othersThrough(reader: AccessReader, asOf: AsOf, credential: string, keys: readonly Key[]): Promise<string[]> {
  const { facts } = await reader.usesOf(asOf, keys)
  const others = facts.filter((fact) => fact.target !== undefined && mayHaveSucceeded(fact) && isRetrieval(fact) && credentialOf(fact.target) !== credential)
  return [...new Set(others.map(({ target }) => `${target?.containerName ?? ''}${target?.path ?? ''}`))].sort()
} // prettier-ignore

function keysIn(fact: Activity, role: string, namespace: string): Key[] {
  return fact.groups.filter((group) => group.role === role).flatMap(({ forms }) => forms.map(({ key }) => key)).filter((key) => namespaceOf(key) === namespace)
} // prettier-ignore

function namesIn(fact: Activity, role: string, namespace: string): string[] {
  return keysIn(fact, role, namespace).map(valueOf)
}
