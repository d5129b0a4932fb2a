import { issuerScope, type Federation as DeclaredFederation } from '@catena/domain'
import type { IntakeCounts } from '@catena/ledger'
import type { SourceReport } from './list-sources.js'
import type { Federation, Lane, Source } from './source.model.js'

export function toSource({ source, intake, lanes, coverage }: SourceReport): Source {
  const offsets = new Map(lanes.map(({ lane, next }) => [lane, String(next)]))
  return {
    ...tally(intake),
    id: source.id,
    kind: source.kind,
    scope: source.scope,
    coverage: coverage ?? null,
    lanes: intake.map((counts): Lane => ({
      ...tally([counts]),
      name: counts.lane,
      next: offsets.get(counts.lane) ?? null,
    })),
    federations: source.federations.map(toFederation),
    sharedIdentities: source.sharedIdentities,
  }
}

function tally(counts: readonly IntakeCounts[]) {
  const sum = (pick: (count: IntakeCounts) => number) => counts.reduce((total, count) => total + pick(count), 0)
  const latest = (pick: (count: IntakeCounts) => number | undefined) =>
    counts.map(pick).reduce<number | null>((a, b) => (b === undefined ? a : Math.max(a ?? b, b)), null)
  return {
    read: sum(({ read }) => read),
    stored: sum(({ stored }) => stored),
    duplicates: sum(({ duplicates }) => duplicates),
    quarantined: sum(({ quarantined }) => quarantined),
    lastReceivedAt: latest(({ lastReceivedAt }) => lastReceivedAt),
    lastOccurredAt: latest(({ lastOccurredAt }) => lastOccurredAt),
  }
}

function toFederation({ mount, issuer, claims, client }: DeclaredFederation): Federation {
  return {
    mount,
    issuer: issuerScope(issuer.kind, issuer.scope),
    claims: Object.entries(claims).map(([claim, field]) => ({ claim, field })),
    client: client ?? null,
  }
}
