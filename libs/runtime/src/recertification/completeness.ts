import { sourceHealth } from '@catena/ledger'
import type { SourceCompleteness, SummaryCut } from '@catena/recertification'
import type { Instance } from '../instance.js'
import { openCounts } from './open-counts.js'

/** Of every source. Gaps are declared; lateness is that of the moment. */
export async function completenessOf(
  { ledger, configuration }: Pick<Instance, 'ledger' | 'configuration'>,
  { position }: SummaryCut,
  now: number,
): Promise<SourceCompleteness[]> {
  const [intake, quarantine] = await Promise.all([ledger.intake(), openCounts(ledger)])
  return configuration.sources.map((source) => {
    const own = intake.filter((one) => one.source === source.id)
    return {
      source: source.id,
      lastPosition: position,
      lastHeardAt: latest(own.map(({ lastReceivedAt }) => lastReceivedAt)),
      isLate: sourceHealth(source, own, now).status === 'silent',
      gaps: source.gaps,
      stored: own.reduce((sum, { stored }) => sum + stored, 0),
      quarantined: quarantine.get(source.id) ?? 0,
    }
  })
}

function latest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined)
  return known.length === 0 ? undefined : Math.max(...known)
}
