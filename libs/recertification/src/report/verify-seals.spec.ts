import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { commandCampaign } from '../desk/campaigns.js'
import { definition, on, personKey } from '../testing/campaign.js'
import { accessTo, openDeskField, type DeskField } from '../testing/desk-field.js'
import { verifySeals } from './verify-seals.js'

let field: DeskField
/** A database administrator who switched the triggers off. */
let superuser: pg.Client

const stages = [{ name: 'one', fromDay: 0, toDay: 14, quorum: 1, reviewers: [{ kind: 'people' as const, people: [personKey('boss')] }] }] // prettier-ignore

/** One campaign that is sealed, and one that goes on. */
beforeAll(async () => {
  field = await openDeskField()
  field.startAnew([1, 2, 3].map((number) => accessTo(number)))
  await field.define('kept', definition({ stages }))
  await field.define('open', definition({ stages }))
  await field.launch('kept')
  await field.launch('open')
  for (const number of [1, 2, 3]) await field.decide('kept@run', number, 'certify')
  for (const day of [15, 22, 22]) await field.advance('kept@run', day)
  await commandCampaign(field.desk, 'kept@run', { type: 'SignOff', reason: 'done', undecided: 0 }, on(24))
  for (const day of [24, 25, 26]) await field.advance('kept@run', day)
  superuser = new pg.Client(field.databaseUrl)
  await superuser.connect()
  await superuser.query('SET session_replication_role = replica')
}, 90_000)
afterAll(async () => {
  await superuser.end()
  await field.close()
})
beforeEach(() => superuser.query('BEGIN; SAVEPOINT s'))
afterEach(() => superuser.query('ROLLBACK'))

/** As the administrator's own transaction sees it, so that every edit can be taken back. */
async function found(): Promise<readonly string[]> {
  const { findings } = await verifySeals({ pool: superuser as unknown as pg.Pool, streams: field.ledger })
  return findings
}
const ITEM = `item = (SELECT item FROM review_population WHERE population IN (SELECT population FROM decisions.campaign_population WHERE campaign = 'kept@run') ORDER BY number LIMIT 1)`

describe('campaigns that nobody touched', () => {
  it('R6.1 R7.1 are what was frozen and sealed', async () => {
    expect(await verifySeals(field.desk)).toEqual({ count: 2, findings: [], findingsCount: 0 })
  })
})

describe('R6.1 R7.1 an edit of a campaign in SQL by a superuser is told', () => {
  it.each([
    ['what an item shows', `UPDATE review_population SET body = replace(body, '"uses":', '"uses":1') WHERE ${ITEM}`, [/^campaign kept@run: item [0-9a-f]{32} is not what was frozen$/]],
    ['what an item shows, with its hash', `UPDATE review_population SET body = regexp_replace(body, '"evidenceHash":"[0-9a-f]+"', '"evidenceHash":"00"') WHERE ${ITEM}`, [/item [0-9a-f]{32} is not what was frozen$/]],
    ['an item taken out', `DELETE FROM review_population WHERE ${ITEM}`, [/^campaign kept@run: 3 items were frozen, 2 are there$/, /^campaign kept@run: 1 assignments differ/]],
    ['an item that stands for another', `UPDATE review_population SET item = gen_random_uuid() WHERE ${ITEM}`, [/^campaign kept@run: 1 items stand under another id than they have$/]],
    ['an item put on somebody else', `UPDATE review_assignment SET reviewer = 'person:idp/acme:eve' WHERE ${ITEM}`, [/^campaign kept@run: 2 assignments differ from those that were frozen$/]],
    ['an order that was changed', `UPDATE review_population SET number = number + 10, body = regexp_replace(body, '"number":\\d+', '"number":11') WHERE ${ITEM}`, [/^campaign kept@run: its population does not have the hash in the ledger$/]],
  ] as const)('%s', async (_, sql, expected) => {
    const { rowCount } = await superuser.query(sql)
    expect(rowCount).toBe(1)
    expect(await found()).toEqual(expected.map((words) => expect.stringMatching(words)))
  }) // prettier-ignore

  it('figures of a seal that were changed together with the hashes of their event', async () => {
    const streams = { readStream: async (stream: string) => (await field.ledger.readStream(stream)).map((event) => event.type === 'CampaignSealed' ? { ...event, payload: Buffer.from(event.payload?.toString().replace('"certified":3', '"certified":2') ?? '') } : event) } // prettier-ignore
    const { findings } = await verifySeals({ pool: field.desk.pool, streams })
    expect(findings).toEqual(['campaign kept@run: its seal is not over the figures that stand with it'])
  })
})
