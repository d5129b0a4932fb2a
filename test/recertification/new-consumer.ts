import { setTimeout as sleep } from 'node:timers/promises'
import { isRefusal, type Key } from '@catena/domain'
import { defineCampaign, DEFINITION_DEFAULTS, microCertificationTimer, reviewWork } from '@catena/recertification'
import { openFedVault, recordedLines, timeOfLine } from './fed-vault.js'

const BOSS = 'person:idp:boss' as Key

/** A vault that somebody is about to use for the first time, of which a reviewer is to be asked by the running timer. */
export interface NewConsumer {
  /** Records the use; resolves when the read models hold it. */
  appear(): Promise<void>
  /** Paths of the credentials that stand in the reviewer's list. */
  asked(): Promise<string[]>
  /** Resolves once the timer has begun so many turns more. */
  turnsPass(count: number): Promise<void>
  close(): Promise<void>
}

/** What was recorded before, the timer has passed over. */
export async function openNewConsumer(): Promise<NewConsumer> {
  const recorded = recordedLines('before.log')
  const now = timeOfLine(recorded.at(-1)) + 100
  const first = recorded.findIndex((line) => line.includes('pki/issue/web') && !line.includes('sys/policies'))
  const vault = await openFedVault(now)
  let turns = 0
  const timer = microCertificationTimer({
    desk: vault.recertification,
    databaseUrl: vault.source.databaseUrl,
    clock: { now: () => (turns++, now) },
    onError: (error) => console.error(error),
  })
  const turnsPass = async (count: number): Promise<void> => {
    for (const seen = turns; turns < seen + count;) await sleep(20)
  }
  await vault.feedLines(recorded.slice(0, first))
  const stages = [{ name: 'boss', fromDay: 0, toDay: 5, quorum: 1, reviewers: [{ kind: 'people' as const, people: [BOSS] }] }] // prettier-ignore
  const definition = { ...DEFINITION_DEFAULTS, name: 'news', scope: 'all', stages, triggers: ['new consumer' as const] } // prettier-ignore
  const defined = await defineCampaign(vault.recertification, 'news', definition, { actor: 'person:manager', at: now }, true) // prettier-ignore
  if (isRefusal(defined)) throw new Error(defined.message)
  await vault.settle()
  timer.start()
  // Once the timer has seen the definition: what was before triggers nothing.
  const seen = `SELECT FROM governance.review_follower WHERE name = 'triggers:news'`
  while ((await vault.reader.pool.query(seen)).rowCount !== 1) await sleep(20)
  return {
    appear: () => vault.feedLines(recorded.slice(first)),
    asked: async () => (await reviewWork(vault.reader.pool, [BOSS], 10)).map(({ item }) => item.access.credential.path),
    turnsPass,
    close: async () => {
      await timer.stop()
      await vault.close()
    },
  }
}
