import { FactDirectory, systemsOf } from '@catena/directory'
import { issuerScope, makeKey, type Activity, type SourceInstance } from '@catena/domain'
import type { AccessReader } from '@catena/projections'
import type { RightRecords } from '@catena/remediation'

/** Changes of a realm's configuration looked at, newest first. */
const CHANGES_MAX = 1_000
const PAGE = 100

/** What the records of a realm say of its groups and clients. */
export function rightRecords(reader: AccessReader, sources: readonly SourceInstance[]): RightRecords {
  return {
    leftGroup: async ({ scope }, user, group, since) => {
      const index = reader.index({ position: await reader.projectedPosition(), validAt: undefined })
      const person = makeKey('person', issuerScope('keycloak', scope), user)
      const changes = await new FactDirectory(index, systemsOf(sources)).changesOf([person], { from: since, to: Infinity })
      const own = changes.filter(({ kind, about }) => (kind === 'left group' || kind === 'entered group') && about === nameOf(group))
      const last = own.at(-1)
      return last?.kind === 'left group' ? { at: last.at, how: `out of group ${group}`, positions: last.evidence } : undefined
    },
    clientOff: async ({ scope }, client, since) => {
      const source = sources.find((one) => one.kind === 'keycloak' && one.scope === scope)
      const changes = source === undefined ? [] : await changesSince(reader, source.id, since)
      const [last] = changes.filter(({ attributes }) => attributes.client === client && attributes.enabled !== undefined)
      return last?.attributes.enabled === false ? { at: last.occurredAt, how: `client ${client} off`, positions: last.positions } : undefined
    },
  }
} // prettier-ignore

/** Of a path its last name: records of a membership name the group so. */
function nameOf(group: string): string {
  return group.slice(group.lastIndexOf('/') + 1)
}

async function changesSince(reader: AccessReader, source: string, since: number): Promise<Activity[]> {
  const asOf = { position: await reader.projectedPosition(), validAt: undefined }
  const filter = { source, kinds: ['configuration-changed'], outcomes: ['succeeded'], from: since, retrievalsOnly: false } as const // prettier-ignore
  const found: Activity[] = []
  for (let after: readonly string[] | undefined; found.length < CHANGES_MAX;) {
    const page = await reader.facts(asOf, filter, { limit: PAGE, after })
    found.push(...page.items.map(({ item }) => item))
    after = page.items.at(-1)?.place
    if (!page.hasMore) break
  }
  return found
}
