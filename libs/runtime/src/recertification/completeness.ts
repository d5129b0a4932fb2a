import type { FactIndex } from '@catena/access-chain'
import { sourceHealth } from '@catena/ledger'
import type { SourceCompleteness } from '@catena/recertification'
import type { Instance } from '../instance.js'
import { openCounts } from './open-counts.js'

/** Of every source. Gaps are declared, or hold what was not interpreted; lateness is that of the moment. */
export async function completenessOf(
  { ledger, configuration }: Pick<Instance, 'ledger' | 'configuration'>,
  index: Pick<FactIndex, 'asOf' | 'coverage'>,
  now: number,
): Promise<SourceCompleteness[]> {
  const { sources } = configuration
  const [intake, quarantine, coverages] = await Promise.all([
    ledger.intake(),
    openCounts(ledger),
    Promise.all(sources.map(({ id }) => index.coverage(id))),
  ])
  return sources.map((source, number) => {
    const own = intake.filter((one) => one.source === source.id)
    return {
      source: source.id,
      lastPosition: index.asOf.position,
      lastHeardAt: latest(own.map(({ lastReceivedAt }) => lastReceivedAt)),
      isLate: sourceHealth(source, own, now).status === 'silent',
      gaps: [...source.gaps, ...(coverages[number]?.lost ?? [])],
      stored: own.reduce((sum, { stored }) => sum + stored, 0),
      quarantined: quarantine.get(source.id) ?? 0,
    }
  })
}

function latest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined)
  return known.length === 0 ? undefined : Math.max(...known)
}
