import { join } from 'node:path'
import { isRefusal, type Key } from '@catena/domain'
import { notify, type Channel, type Digest, type NotificationDesk } from '@catena/notification'
import { OutsideFailed } from '@catena/platform'
import {
  campaignItems,
  decideItems,
  defineCampaign,
  DEFINITION_DEFAULTS,
  scheduleCampaign,
  tick,
  type Identity,
} from '@catena/recertification'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { openFedLedger, type FedLedger } from './fed-ledger.js'
import { VAULT } from './revoke-story.js'

const NOW = Date.UTC(2026, 11, 1)
const DAY_MS = 86_400_000
const BOSS: Identity = { key: 'person:idp:boss' as Key, name: 'boss', aliases: [], groups: [], leftAt: undefined }
const by = (at: number) => ({ actor: 'person:idp:manager', at })
const signal = new AbortController().signal

describe('people who have to review', () => {
  let log: FedLedger
  let desk: NotificationDesk
  let sent: { name: string; digest: Digest }[] = []
  let fails = false
  let hasLeft = false
  /** A fake; the real ways out are in libs/notification. */
  const channel: Channel = {
    id: 'mail',
    send: ({ name }, digest) => {
      if (fails) return Promise.reject(new OutsideFailed('the mail server is away'))
      sent.push({ name, digest })
      return Promise.resolve()
    },
  }
  const turn = async (at: number): Promise<typeof sent> => {
    sent = []
    await tick(log.recertification, at)
    await log.settle()
    await notify(desk, at, signal)
    await log.settle()
    return sent
  }

  beforeAll(async () => {
    log = await openFedLedger([VAULT], { systems: [], receivers: [] }, NOW)
    await log.feed({ source: VAULT.id, path: join(import.meta.dirname, 'recorded', 'after.log') })
    const recipients: NotificationDesk['recipients'] = (people) =>
      Promise.resolve(new Map(people.map((person) => [person, { person, name: 'The boss', email: 'boss@example.org', hasLeft }]))) // prettier-ignore
    desk = { pool: log.reader.pool, streams: log.ledger, channels: [channel], url: 'https://catena.test', recipients }
    const stages = [{ name: 'boss', fromDay: 0, toDay: 14, quorum: 1, reviewers: [{ kind: 'people' as const, people: [BOSS.key] }] }] // prettier-ignore
    for (const name of ['leases', 'secrets']) {
      const scope = name === 'leases' ? 'path ~ "issue/web"' : 'path ~ "ledger"'
      const definition = { ...DEFINITION_DEFAULTS, name, scope, launchIncomplete: true, stages }
      await defineCampaign(log.recertification, name, definition, by(NOW), true)
      await log.settle()
      await scheduleCampaign(log.recertification, { definition: name, cause: 'by hand', at: NOW }, by(NOW))
    }
    for (let step = 0; step < 4; step++) {
      await log.settle()
      await tick(log.recertification, NOW)
    }
    await log.settle()
  }, 60_000)
  afterAll(() => log.close())

  it('get one message about all campaigns, tried again after a failure, and never twice', async () => {
    fails = true
    expect(await turn(NOW)).toEqual([])
    fails = false
    expect(await turn(NOW + 1_000)).toEqual([])
    const [first, ...others] = await turn(NOW + 61_000)
    expect(others).toEqual([])
    expect(first).toMatchObject({ name: 'The boss', digest: { link: 'https://catena.test/review' } })
    expect(first?.digest.due.map(({ name }) => name)).toEqual(['leases', 'secrets'])
    expect(await turn(NOW + 3_600_000)).toEqual([])
  })

  it('are reminded while they have not finished, also after the deadline; whoever has finished hears nothing (R6.1)', async () => {
    expect(await turn(NOW + 7 * DAY_MS + 60_000)).toHaveLength(1)
    for (const item of await campaignItems(log.reader.pool, 'leases@by hand', 100)) {
      const asked = { items: [item.item.id], decision: { kind: 'revoke' as const }, reason: 'r', request: 'x' }
      const decided = await decideItems(log.recertification, asked, BOSS, { actor: BOSS.key, at: NOW + 8 * DAY_MS })
      expect(isRefusal(decided)).toBe(false)
    }
    await log.settle()
    const [late] = await turn(NOW + 15 * DAY_MS + 60_000)
    expect(late?.digest.due.map(({ name }) => name)).toEqual(['secrets'])
    expect(late?.digest.subject).toMatch(/some overdue$/)
  })

  it('are told once they are back, though they were locked for long, which stands on record once (R6.1)', async () => {
    const day17 = NOW + 17 * DAY_MS + 60_000
    const refused = async (): Promise<number> => {
      const events = await log.ledger.readStream('notification:secrets@by hand')
      return events.filter(({ payload }) => String(payload).includes('has left')).length
    }
    hasLeft = true
    for (let hour = 0; hour < 12; hour++) expect(await turn(day17 + hour * 3_600_000)).toEqual([])
    expect(await refused()).toBe(1)
    hasLeft = false
    const [back, ...others] = await turn(day17 + 12 * 3_600_000)
    expect([back?.digest.due.map(({ name }) => name), others]).toEqual([['secrets'], []])
    expect(await turn(day17 + 13 * 3_600_000)).toEqual([])
  })
})
