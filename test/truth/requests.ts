import type { Activity } from '@catena/domain'
import type { AccessReader, KnownAsOf } from '@catena/projections'

/** Facts read at once. */
const PAGE = 100

export interface VaultRequest {
  readonly requestId: string
  readonly fact: Activity
}

/**
 * Every request that somebody made to a vault, by the vault's own id, and every retrieval elsewhere, by its fact id; page by page. An audit
 * device's own first record is none.
 */
export async function* requestsOf(reader: AccessReader, asOf: KnownAsOf): AsyncGenerator<VaultRequest[]> {
  for (const source of reader.settings.sources) {
    const isVault = source.kind === 'vault'
    const prefix = isVault ? `vault:${source.scope}:` : ''
    let after: readonly string[] | undefined
    do {
      const page = await reader.facts(asOf, { source: source.id, retrievalsOnly: !isVault }, { after, limit: PAGE })
      yield page.items
        .map(({ item }) => ({ requestId: item.factId.slice(prefix.length), fact: item }))
        .filter(({ requestId, fact }) => !isVault || isRequest(fact, requestId))
      after = page.hasMore ? page.items.at(-1)?.place : undefined
    } while (after !== undefined)
  }
}

function isRequest(fact: Activity, requestId: string): boolean {
  return (
    fact.attributes.path !== undefined && fact.attributes.path !== 'sys/audit/test' && !requestId.startsWith('record:')
  )
}
