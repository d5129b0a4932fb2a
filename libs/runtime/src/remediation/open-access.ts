import type { AsOf, Chain } from '@catena/access-chain'
import { namespaceOf, valueOf, type Activity, type Key } from '@catena/domain'
import { walkChains } from '@catena/governance'
import { credentialOf, type AccessReader } from '@catena/projections'
import { accessorText, type Accessor } from '@catena/recertification'
import type { OpenAccessReader, OpenToken } from '@catena/remediation'
import { accessorOf } from '../recertification/access-rows.js'

/** Retrievals looked at, newest first. What is older is not looked at, so a long lease of a busy credential can be missed; its use later is a regression. */
const RETRIEVALS_MAX = 1_000
const PAGE = 100
/** Hashes by the audit log of Vault (`hmac_accessor`): nobody can revoke by them. */
const HASHED = /^hmac-/

/** What is open of an access, from the chains of its retrievals. */
export function openAccessReader(reader: AccessReader): OpenAccessReader {
  return {
    openOf: async ({ credential, accessor }) => {
      const asOf = { position: await reader.projectedPosition(), validAt: undefined }
      const chains = (await chainsOf(reader, asOf, credential, accessor)).filter(({ fact }) => fact.outcome === 'succeeded')
      const leases = chains.filter(({ end }) => end.at === undefined).flatMap(({ fact }) => namesIn(fact, 'lease', 'vault-lease'))
      return { leases: [...new Set(leases)], tokens: await openTokens(reader, asOf, credential, chains) }
    },
  }
} // prettier-ignore

async function chainsOf(reader: AccessReader, asOf: AsOf, credential: string, accessor: Accessor): Promise<Chain[]> {
  const own: Chain[] = []
  let after: readonly string[] | undefined
  for (let seen = 0; seen < RETRIEVALS_MAX; seen += PAGE) {
    const page = await reader.facts(asOf, { credential }, { limit: PAGE, after })
    const walked = await walkChains(reader, asOf, page.items.map(({ item }) => item)) // prettier-ignore
    own.push(...walked.filter(({ retrieval }) => accessorText(accessorOf(retrieval.accessor)) === accessorText(accessor)).map(({ chain }) => chain)) // prettier-ignore
    if (!page.hasMore) break
    after = page.items.at(-1)?.place
  }
  return own
}

/** Tokens that obtained it and of which no end is on record, with what else came through each of them. */
async function openTokens(reader: AccessReader, asOf: AsOf, credential: string, chains: readonly Chain[]): Promise<OpenToken[]> {
  const byToken = new Map<string, { accessor: string | undefined; keys: readonly Key[] }>()
  for (const { fact, callerEnd } of chains) {
    if (callerEnd?.at !== undefined) continue
    const names = namesIn(fact, 'caller', 'vault-token')
    const accessor = names.find((name) => !HASHED.test(name))
    if (names.length > 0) byToken.set(accessor ?? names.join(), { accessor, keys: keysIn(fact, 'caller', 'vault-token') })
  }
  return Promise.all([...byToken.values()].map(async ({ accessor, keys }) => ({ accessor, alsoReads: await othersThrough(reader, asOf, credential, keys) })))
} // prettier-ignore

async function othersThrough(reader: AccessReader, asOf: AsOf, credential: string, keys: readonly Key[]): Promise<string[]> {
  const { facts } = await reader.usesOf(asOf, keys)
  const others = facts.filter(({ target, outcome, kind }) => target !== undefined && outcome === 'succeeded' && OBTAINS.has(kind) && credentialOf(target) !== credential)
  return [...new Set(others.map(({ target }) => `${target?.containerName ?? ''}${target?.path ?? ''}`))].sort()
} // prettier-ignore

const OBTAINS: ReadonlySet<Activity['kind']> = new Set([
  'secret-read',
  'lease-issued',
  'key-used',
  'response-unwrapped',
])

function keysIn(fact: Activity, role: string, namespace: string): Key[] {
  return fact.groups.filter((group) => group.role === role).flatMap(({ forms }) => forms.map(({ key }) => key)).filter((key) => namespaceOf(key) === namespace)
} // prettier-ignore

function namesIn(fact: Activity, role: string, namespace: string): string[] {
  return keysIn(fact, role, namespace).map(valueOf)
}
