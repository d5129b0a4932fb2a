import { issuerScope, type Federation as DeclaredFederation } from '@catena/domain'
import { isConserved, sourceHealth, type IntakeCounts, type LaneAccount } from '@catena/ledger'
import type * as Health from './health.model.js'
import type { SourceReport } from './list-sources.js'
import type { Federation, Lane, Source } from './source.model.js'

export function toSource({
  source,
  intake,
  lanes,
  accounts,
  delay,
  coverage,
  notInterpreted,
  now,
}: SourceReport): Source {
  const offsets = new Map(lanes.map(({ lane, next }) => [lane, String(next)]))
  const accountOf = new Map(accounts.map((account) => [account.lane, account]))
  const own = intake.flatMap(({ lane }) => accountOf.get(lane) ?? [])
  const { status, heardAt } = sourceHealth(source, intake, now)
  return {
    ...tally(intake),
    id: source.id,
    kind: source.kind,
    scope: source.scope,
    status,
    heardAt: heardAt ?? null,
    heartbeatSeconds: source.heartbeatSeconds ?? null,
    delay: delay === undefined ? null : toDelay(delay),
    conserved: own.every(isConserved),
    coverage: coverage ?? null,
    notInterpreted,
    lanes: intake.map((counts): Lane => ({
      ...tally([counts]),
      name: counts.lane,
      next: offsets.get(counts.lane) ?? null,
      account: toAccount(counts, accountOf.get(counts.lane)),
    })),
    federations: source.federations.map(toFederation),
    sharedIdentities: source.sharedIdentities,
  }
}

function toDelay({ records, medianMs, greatestMs }: NonNullable<SourceReport['delay']>): Health.Delay {
  return { records, medianSeconds: medianMs / 1000, greatestSeconds: greatestMs / 1000 }
}

/** Counts and accounts are two reads: a lane that began between them has no account yet, and its own counts keep the law by themselves. */
function toAccount({ read, stored, duplicates, quarantined }: IntakeCounts, account?: LaneAccount): Health.LaneAccount {
  const missingRecords = account?.missingRecords ?? read - stored - duplicates - quarantined
  return {
    holes: account?.holes ?? 0,
    offsets: account?.offsets ?? null,
    missingRecords,
    missingOffsets: account?.missingOffsets ?? null,
    conserved: account === undefined ? missingRecords === 0 : isConserved(account),
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
