import {
  followIndex,
  GovernanceRunner,
  HistoryReader,
  judgeStale,
  markDecided,
  type Follower,
} from '@catena/governance'
import { systemClock } from '@catena/platform'
import type { AccessReader } from '@catena/projections'
import type { Instance } from './instance.js'

/** What governance needs of an instance. */
export type GovernanceSource = Pick<Instance, 'databaseUrl' | 'ledger' | 'interpretation'>

/** Parts that derive from chains and decisions, in the order in which they rest on each other. */
export function governanceFollowers(
  { ledger, interpretation }: GovernanceSource,
  reader: AccessReader,
  now: () => number = () => systemClock.now(),
  onFailed: (error: unknown) => void = () => undefined,
): Follower[] {
  const histories = new HistoryReader(reader)
  return [
    {
      name: 'access-summary',
      follow: async (client) => (await followIndex(client, { reader, ledger, interpretation })).more,
    },
    { name: 'decided', follow: (client) => markDecided(client, ledger) },
    { name: 'verdicts', follow: (client) => judgeStale(client, { histories, streams: ledger, now, onFailed }) },
  ]
}

/** Keeps summaries and verdicts up with the read models. Not started yet. */
export function governanceRunner(
  source: GovernanceSource,
  reader: AccessReader,
  onError: (error: unknown) => void,
): GovernanceRunner {
  const { databaseUrl } = source
  const followers = governanceFollowers(source, reader, () => systemClock.now(), onError)
  return new GovernanceRunner({ followers, databaseUrl, onError })
}
