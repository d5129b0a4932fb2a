import { existsSync } from 'node:fs'
import {
  followIndex,
  GovernanceRunner,
  HistoryReader,
  judgeStale,
  markDecided,
  type Follower,
} from '@catena/governance'
import { systemClock, Thread, type Logger } from '@catena/platform'
import type { AccessReader } from '@catena/projections'
import { feedIsBehind } from './feed-is-behind.js'
import type { Instance } from './instance.js'
import { readingThreadData } from './reading-thread.js'
import { walkThreads } from './walk-threads.js'

/** What governance needs of an instance. */
export type GovernanceSource = Pick<Instance, 'databaseUrl' | 'ledger' | 'interpretation'>

/** Parts that derive from chains and decisions, in the order in which they rest on each other. */
export function governanceFollowers(
  { databaseUrl, ledger, interpretation }: GovernanceSource,
  reader: AccessReader,
  now: () => number = () => systemClock.now(),
  onFailed: (error: unknown) => void = () => undefined,
): Follower[] {
  const histories = new HistoryReader(reader)
  const openWalkers = walkThreads({ databaseUrl, sources: interpretation.sources, walk: reader.settings })
  return [
    {
      name: 'access-summary',
      follow: async (client) => (await followIndex(client, { reader, ledger, interpretation, openWalkers })).more,
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
  return new GovernanceRunner({ followers, databaseUrl, onError, isFirstBehind: feedIsBehind })
}

const THREAD = new URL('./governance-thread.js', import.meta.url)

/**
 * Keeps summaries and verdicts up with the read models in a thread of its own, so that records, index, feed and answers do not wait for them. Where
 * code is compiled only as it is loaded, as in tests, there is no such file and the caller's thread does it. Not started yet.
 */
export function governanceAside(instance: Instance, reader: AccessReader, logger: Logger): Pick<Thread, 'start' | 'stop'> {
  const onError = tellFailure(logger)
  if (!existsSync(THREAD)) return governanceRunner(instance, reader, onError)
  return new Thread({ file: THREAD, data: readingThreadData(instance), onError })
} // prettier-ignore

export function tellFailure(logger: Logger): (error: unknown) => void {
  return (error) => logger.error({ error }, 'summaries and verdicts cannot be kept up; trying again')
}
