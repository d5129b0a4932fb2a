import type { Key } from '@catena/domain'
import { PostgresLedger } from '@catena/ledger'
import { createPool, OutsideFailed } from '@catena/platform'
import { startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import type { Digest } from '../digest.js'
import type { NotificationDesk } from '../notify.js'
import { Heard, tellContradicted } from './tell-contradicted.js'

const NOW = Date.UTC(2026, 5, 1)
const MINUTE_MS = 60_000
const CAMPAIGN = 'q@1'
const signal = new AbortController().signal
const person = (name: string): Key => `person:idp:${name}` as Key
const itemId = (number: number): string => String(number).padStart(32, '0')

let postgres: TestPostgres
let pool: pg.Pool
let desk: NotificationDesk
let sent: { to: Key; digest: Digest }[]
let fails = false

beforeAll(async () => {
  postgres = await startTestPostgres()
  const { databaseUrl } = postgres
  pool = createPool(databaseUrl, { applicationName: 'catena-test' })
  const send: NotificationDesk['channels'][number]['send'] = ({ person: to }, digest) => {
    if (fails) return Promise.reject(new OutsideFailed('away'))
    sent.push({ to, digest })
    return Promise.resolve()
  }
  const streams = new PostgresLedger({ databaseUrl, clock: { now: () => NOW } })
  desk = { pool, streams, channels: [{ id: 'mail', send }], url: 'https://catena.test', recipients: () => Promise.resolve(new Map()) } // prettier-ignore
  const state = { definition: { name: 'Quarterly' }, signedOffBy: person('manager') }
  await pool.query(`INSERT INTO decisions.campaign (id, definition, status, scheduled_for, position, state) VALUES ($1, 'q', 'sealed', 0, 1, $2)`, [CAMPAIGN, state]) // prettier-ignore
  await pool.query(`INSERT INTO decisions.campaign_population (population, campaign) VALUES ('p', $1)`, [CAMPAIGN])
}, 60_000)
afterAll(async () => {
  await pool.end()
  await (desk.streams as PostgresLedger).close()
  await postgres.stop()
})
beforeEach(() => {
  sent = []
  fails = false
})

/** As the views have an item that `first` decided in its first stage, then `boss` in the place of `chief`, and `ada` owns. */
async function contradicted(number: number): Promise<void> {
  const id = itemId(number)
  await pool.query(
    `INSERT INTO review_population (population, number, item, subject, risk, evidence_class, body) VALUES ('p', $1, $2, $2, 0, '', $3)`,
    [number, id, JSON.stringify({ id, campaign: CAMPAIGN, owner: person('ada') })],
  )
  const votes = [
    { reviewer: person('first'), inPlaceOf: [] },
    { reviewer: person('boss'), inPlaceOf: [person('chief')] },
  ]
  const state = { votes, restedOn: votes, countFrom: 1, sinceSeal: [{ about: 'chain', why: 'a secret story' }] }
  await pool.query(
    `INSERT INTO decisions.review_item (item, campaign, population, number, risk, status, reviewers, state, position) VALUES ($1, $2, 'p', $3::int, 0, 'closed', '{}', $4, $3::bigint)`,
    [id, CAMPAIGN, number, state],
  )
}

describe('R6.4 whoever decided, owns or signed off what is contradicted since the seal', () => {
  it('is told once, in one message, how many, and never what', async () => {
    await contradicted(1)
    await contradicted(2)
    const heard = new Heard()
    await tellContradicted(desk, NOW, signal, heard)
    expect(sent.map(({ to }) => to).sort()).toEqual(['ada', 'boss', 'chief', 'first', 'manager'].map(person))
    for (const { digest } of sent) {
      expect(digest).toMatchObject({ type: 'decisions-contradicted', contradicted: [{ campaign: CAMPAIGN, name: 'Quarterly', items: 2 }] }) // prettier-ignore
      expect(digest.text).toContain('2 decisions')
      expect(JSON.stringify(digest)).not.toContain('secret')
    }
    await tellContradicted(desk, NOW + MINUTE_MS, signal, heard)
    await tellContradicted(desk, NOW + MINUTE_MS, signal, new Heard())
    expect(sent).toHaveLength(5)
  }, 30_000)

  it('is told again of another item alone, also after the way out failed', async () => {
    await contradicted(3)
    const heard = new Heard()
    fails = true
    await tellContradicted(desk, NOW, signal, heard)
    fails = false
    await tellContradicted(desk, NOW, signal, heard)
    expect(sent).toEqual([])
    await tellContradicted(desk, NOW + MINUTE_MS, signal, heard)
    expect(sent).toHaveLength(5)
    expect(sent[0]?.digest.contradicted).toMatchObject([{ items: 1 }])
  }, 30_000)

  it('is not told once they have left, and that stands on record', async () => {
    await contradicted(4)
    const left = new Map([[person('boss'), { person: person('boss'), name: 'Boss', email: 'boss@example.org', hasLeft: true }]])
    await tellContradicted({ ...desk, recipients: () => Promise.resolve(left) }, NOW, signal, new Heard())
    expect(sent.map(({ to }) => to)).not.toContain(person('boss'))
    const events = await (desk.streams as PostgresLedger).readStream(`notification:${CAMPAIGN}`)
    const failed = events.filter(({ type }) => type === 'NotificationFailed').map(({ payload }) => String(payload))
    expect(failed.at(-1)).toContain('Boss has left')
  }, 30_000) // prettier-ignore

  it('is told once they are back, whatever others heard meanwhile', async () => {
    await contradicted(5)
    const heard = new Heard()
    const of = (hasLeft: boolean) => ({ ...desk, recipients: (people: readonly Key[]) => Promise.resolve(new Map(people.map((key) => [key, { person: key, name: 'N', email: 'n@example.org', hasLeft }]))) })
    for (let hour = 0; hour < 8; hour++) await tellContradicted(of(true), NOW + hour * 60 * MINUTE_MS, signal, heard)
    expect(sent).toEqual([])
    await tellContradicted(of(false), NOW + 9 * 60 * MINUTE_MS, signal, heard)
    expect(sent.map(({ to }) => to)).toContain(person('boss'))
  }, 30_000) // prettier-ignore
})
