import { setTimeout as sleep } from 'node:timers/promises'
import { isRefusal, type Key } from '@catena/domain'
import type { LedTimer } from '@catena/platform'
import {
  defineCampaign,
  DEFINITION_DEFAULTS,
  microCertificationTimer,
  reviewWork,
  TRIGGERS_EVERY_MS,
} from '@catena/recertification'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { openFedVault, recordedLines, timeOfLine, type FedVault } from './fed-vault.js'

const RECORDED = recordedLines('before.log')
const NOW = timeOfLine(RECORDED.at(-1)) + 100
const LIMIT_MS = 5_000
const BOSS = 'person:idp:boss' as Key
const onError = (error: unknown): void => console.error(error)

let vault: FedVault
let timer: LedTimer
let turns = 0
beforeAll(async () => {
  vault = await openFedVault(NOW)
  const clock = { now: () => (turns++, NOW) }
  timer = microCertificationTimer({ desk: vault.recertification, databaseUrl: vault.source.databaseUrl, clock, onError }) // prettier-ignore
}, 60_000)
afterAll(async () => {
  await timer.stop()
  await vault.close()
})

async function hasSeen(definition: string): Promise<boolean> {
  const sql = 'SELECT FROM governance.review_follower WHERE name = $1'
  return (await vault.reader.pool.query(sql, [`triggers:${definition}`])).rowCount === 1
}

const work = async () => reviewWork(vault.reader.pool, [BOSS], 10)

describe('from a record to a reviewer', () => {
  it('R6.6 a new consumer is asked about by the timer alone, whose pause leaves most of the five seconds to what is computed', async () => {
    expect(TRIGGERS_EVERY_MS).toBeLessThanOrEqual(LIMIT_MS / 4)
    const first = RECORDED.findIndex((line) => line.includes('pki/issue/web') && !line.includes('sys/policies'))
    await vault.feedLines(RECORDED.slice(0, first))
    const stages = [{ name: 'boss', fromDay: 0, toDay: 5, quorum: 1, reviewers: [{ kind: 'people' as const, people: [BOSS] }] }] // prettier-ignore
    const definition = { ...DEFINITION_DEFAULTS, name: 'news', scope: 'all', stages, triggers: ['new consumer' as const] } // prettier-ignore
    const by = { actor: 'person:manager', at: NOW }
    expect(isRefusal(await defineCampaign(vault.recertification, 'news', definition, by, true))).toBe(false)
    await vault.settle()
    timer.start()
    // Once the timer has seen the definition: what was before triggers nothing.
    while (!(await hasSeen('news'))) await sleep(20)
    // Two turns more.
    for (const seen = turns; turns <= seen + 2;) await sleep(20)
    expect(await work()).toEqual([])
    await vault.feedLines(RECORDED.slice(first))
    while ((await work()).length === 0) await sleep(20)
    expect((await work()).map(({ item }) => item.access.credential.path)).toContain('issue/web')
  })
})
