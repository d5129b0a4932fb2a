import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { commandCampaign, loadCampaign } from '../desk/campaigns.js'
import { definition, on, personKey } from '../testing/campaign.js'
import { accessTo, openDeskField, type DeskField } from '../testing/desk-field.js'
import { verifySeals } from './verify-seals.js'

let field: DeskField
/** A database administrator who switched the triggers off. */
let superuser: pg.Client

const stages = [{ name: 'one', fromDay: 0, toDay: 14, quorum: 1, reviewers: [{ kind: 'people' as const, people: [personKey('boss')] }] }] // prettier-ignore

/** One campaign that is sealed, one that goes on, and one that two people called off. */
beforeAll(async () => {
  field = await openDeskField()
  field.startAnew([accessTo(1), accessTo(2), accessTo(3, { weakest: 'odd \u0000 and \ud800' })])
  await field.define('kept', definition({ stages }))
  await field.define('open', definition({ stages }))
  await field.launch('kept')
  await field.launch('open')
  for (const number of [1, 2, 3]) await field.decide('kept@run', number, 'certify')
  for (const day of [15, 22, 22]) await field.advance('kept@run', day)
  await commandCampaign(field.desk, 'kept@run', { type: 'SignOff', reason: 'done', undecided: 0 }, on(24))
  for (const day of [24, 25, 26]) await field.advance('kept@run', day)
  await field.define('void', definition({ stages }))
  await field.launch('void')
  for (const person of ['ann', 'bob'])
    await commandCampaign(
      field.desk,
      'void@run',
      { type: 'VoidCampaign', why: 'wrong scope' },
      on(26, personKey(person)),
    )
  await field.settle()
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
  it('R6.1 R7.1 may be of a version that kept no hash of reviewers, and whose list is behind the ledger', async () => {
    const streams = { readStream: async (stream: string) => (await field.ledger.readStream(stream)).map((event) => event.type === 'PopulationFrozen' ? { ...event, payload: Buffer.from(event.payload?.toString().replace(/"assigned":"[0-9a-f]+",/, '') ?? '') } : event) } // prettier-ignore
    await superuser.query(`UPDATE review_population SET body = regexp_replace(body, '}$', ',"owner":"person:idp/acme:eve"}') WHERE ${ITEM}`) // prettier-ignore
    await superuser.query(
      `DELETE FROM decisions.campaign_population; UPDATE decisions.view SET position = 0 WHERE name = 'campaigns'`,
    )
    expect((await verifySeals({ pool: superuser as unknown as pg.Pool, streams })).findings).toEqual([])
  })

  it('R6.1 R7.1 are what was frozen and sealed, whatever its names have in them', async () => {
    expect(await verifySeals(field.desk)).toEqual({ count: 3, findings: [], findingsCount: 0 })
  })

  it('may be of a version that wrote no credential beside an item', async () => {
    const { rowCount } = await superuser.query(`UPDATE review_population SET credential = NULL WHERE ${ITEM}`)
    expect([rowCount, await found()]).toEqual([1, []])
  })
})

describe('R6.1 R7.1 an edit of a campaign in SQL by a superuser is told', () => {
  it.each([
    ['what an item shows', `UPDATE review_population SET body = replace(body, '"uses":', '"uses":1') WHERE ${ITEM}`, [/^campaign kept@run: item [0-9a-f]{32} is not what was frozen$/]],
    ['what an item shows, with its hash', `UPDATE review_population SET body = regexp_replace(body, '"evidenceHash":"[0-9a-f]+"', '"evidenceHash":"00"') WHERE ${ITEM}`, [/item [0-9a-f]{32} is not what was frozen$/]],
    ['an item taken out', `DELETE FROM review_population WHERE ${ITEM}`, [/^campaign kept@run: 3 items were frozen, 2 are there$/, /^campaign kept@run: 1 assignments differ/]],
    ['an item that stands for another', `UPDATE review_population SET item = gen_random_uuid() WHERE ${ITEM}`, [/^campaign kept@run: 1 items stand under another id than they have$/]],
    ['an item put on somebody else', `UPDATE review_assignment SET reviewer = 'person:idp/acme:eve' WHERE ${ITEM}`, [/^campaign kept@run: 2 assignments differ from those that were frozen$/]],
    ['an order that was changed', `UPDATE review_population SET number = number + 10, body = regexp_replace(body, '"number":\\d+', '"number":11') WHERE ${ITEM}`, [/^campaign kept@run: its population does not have the hash in the ledger$/, /^campaign kept@run: 2 assignments differ/]],
    ['an item that no list of work finds any more', `UPDATE review_population SET number = number + 1000 WHERE ${ITEM.replace('ORDER BY number', 'ORDER BY number DESC')}`, [/^campaign kept@run: 1 items stand in the table with another number, risk, class, subject or credential than they have$/]],
    ['an item that is asked later', `UPDATE review_population SET risk = 50 WHERE ${ITEM}`, [/: 1 items stand in the table with another/]],
    ['an item among others that rest on other evidence', `UPDATE review_population SET evidence_class = 'certify' WHERE ${ITEM}`, [/: 1 items stand in the table with another/]],
    ['an item that news of its credential do not reach', `UPDATE review_population SET credential = gen_random_uuid() WHERE ${ITEM}`, [/: 1 items stand in the table with another/]],
    ['an item that no next campaign asks again', `UPDATE review_population SET subject = gen_random_uuid() WHERE ${ITEM}`, [/: 1 items stand in the table with another/]],
    ['an assignment that shows another item', `UPDATE review_assignment SET number = 77 WHERE ${ITEM}`, [/^campaign kept@run: 2 assignments differ from those that were frozen$/]],
    ['an assignment that comes last', `UPDATE review_assignment SET risk = 50 WHERE ${ITEM}`, [/: 2 assignments differ/]],
    ['an assignment too many', `INSERT INTO review_assignment SELECT 'person:idp/acme:eve', population, risk, number, item FROM review_assignment WHERE ${ITEM}`, [/: 1 assignments differ/]],
    ['an item that leaves its decisions behind, everywhere alike', `WITH of AS (SELECT population, number, item, gen_random_uuid() AS new FROM review_population WHERE ${ITEM}),
       assigned AS (UPDATE review_assignment a SET item = of.new FROM of WHERE a.item = of.item)
       UPDATE review_population p SET item = of.new, body = replace(body, '"id":"' || replace(of.item::text, '-', ''), '"id":"' || replace(of.new::text, '-', '')) FROM of WHERE p.item = of.item`, [/^campaign kept@run: item [0-9a-f]{32} has another id than its access has in this campaign$/]],
    ['who was to review an item, everywhere alike', `WITH of AS (SELECT population, number, item FROM review_population WHERE ${ITEM}),
       assigned AS (UPDATE review_assignment a SET reviewer = 'person:idp/acme:eve' FROM of WHERE a.item = of.item)
       UPDATE review_population p SET body = replace(body, '"reviewers":["${personKey('boss')}"]', '"reviewers":["person:idp/acme:eve"]') FROM of WHERE p.item = of.item`, [/^campaign kept@run: owners, reviewers, risks or classes of its items are not those that were frozen$/]],
    ['whose an item was', `UPDATE review_population SET body = regexp_replace(body, '}$', ',"owner":"person:idp/acme:eve"}') WHERE ${ITEM}`, [/: owners, reviewers, risks or classes of its items are not those/]],
    ['who might not review an item', `UPDATE review_population SET body = regexp_replace(body, '}$', ',"notReviewers":[{"person":"person:idp/acme:eve","why":"x"}]}') WHERE ${ITEM}`, [/: owners, reviewers, risks or classes of its items are not those/]],
    ['how an item was grouped, everywhere alike', `UPDATE review_population SET evidence_class = 'certify', body = regexp_replace(body, '}$', ',"evidenceClass":"certify"}') WHERE ${ITEM}`, [/: owners, reviewers, risks or classes of its items are not those/]],
    ['the list that leads to its items', `DELETE FROM decisions.campaign_population WHERE campaign = 'kept@run'`, [/^campaign kept@run: 1 of its populations are not in the list by which its items are found$/]],
    ['the list that leads to items of another', `INSERT INTO decisions.campaign_population SELECT population || 'x', 'kept@run', position, at_us FROM decisions.campaign_population WHERE campaign = 'open@run'`, [/^campaign kept@run: 1 populations are listed as its own that were not frozen for it$/]],
    ['since when the list leads to its items', `UPDATE decisions.campaign_population SET position = position + 1 WHERE campaign = 'kept@run'`, [/^campaign kept@run: 1 of its populations are listed with another position or time than in the ledger$/]],
    ['an item of another campaign', `UPDATE review_population SET body = replace(body, '"campaign":"kept@run"', '"campaign":"open@run"') WHERE ${ITEM}`, [/^campaign kept@run: item [0-9a-f]{32} has another id than its access has in this campaign$/]],
  ] as const)('%s', async (_, sql, expected) => {
    const { rowCount } = await superuser.query(sql)
    expect(rowCount).toBe(1)
    expect(await found()).toEqual(expected.map((words) => expect.stringMatching(words)))
  }) // prettier-ignore

  it('in one that was called off, too: what was decided there is still shown', async () => {
    expect((await loadCampaign(field.desk, 'void@run')).status).toBe('voided')
    await superuser.query(`UPDATE review_population SET body = replace(body, '"uses":', '"uses":1') WHERE ${ITEM.replace('kept', 'void')}`) // prettier-ignore
    expect(await found()).toEqual([expect.stringMatching(/^campaign void@run: item [0-9a-f]{32} is not what was frozen$/)]) // prettier-ignore
  })

  it.each([
    ['no JSON', 'gone'],
    ['JSON cut off', '{"id":'],
    ['nothing', 'null'],
    ['a list', '[]'],
    ['no access', '{"id":"1"}'],
    ['an access of nothing', '{"access":{},"recommendation":{},"reviewers":[]}'],
    ['no list of reviewers', '{"access":{"credential":{"id":"1"}},"recommendation":{},"reviewers":"boss"}'],
  ])('an item of which %s is left, beside all else that is found', async (_, body) => {
    await superuser.query(`UPDATE review_population SET body = $1 WHERE ${ITEM}`, [body])
    await superuser.query(`DELETE FROM review_assignment a USING decisions.campaign_population n WHERE n.population = a.population AND n.campaign = 'open@run' AND a.number = 1`) // prettier-ignore
    expect(await found()).toEqual([
      expect.stringMatching(/^campaign kept@run: item [0-9a-f]{32} cannot be read$/),
      'campaign kept@run: 1 assignments differ from those that were frozen',
      'campaign open@run: 1 assignments differ from those that were frozen',
    ])
  })

  it.each([
    ['a number that is none', { number: 'x' }],
    ['a number beyond all', { number: 1e12 }],
    ['a NUL in its id', { id: '\u0000' }],
    ['reviewers that are nobody', { reviewers: [1, null, '\u0000'] }],
  ])('an item that has %s', async (_, more) => {
    await superuser.query(`UPDATE review_population SET body = regexp_replace(body, '}$', $1) WHERE ${ITEM}`, [`,${JSON.stringify(more).slice(1)}`]) // prettier-ignore
    const findings = await found()
    expect(findings.length).toBeGreaterThan(0)
    expect(findings).not.toContainEqual(expect.stringMatching(/^campaign open/))
  })

  it.each(['{"frozen":', 'null', '{}'])('a campaign of which the ledger has %s, beside all else that is found', async (payload) => {
    const streams = { readStream: async (stream: string) => (await field.ledger.readStream(stream)).map((event) => event.type === 'PopulationFrozen' && stream.includes('kept@run') ? { ...event, payload: Buffer.from(payload) } : event) } // prettier-ignore
    await superuser.query(`DELETE FROM review_assignment a USING decisions.campaign_population n WHERE n.population = a.population AND n.campaign = 'open@run' AND a.number = 1`) // prettier-ignore
    const { findings } = await verifySeals({ pool: superuser as unknown as pg.Pool, streams })
    expect(findings).toEqual([
      'campaign kept@run: what the ledger has of it cannot be read',
      'campaign open@run: 1 assignments differ from those that were frozen',
    ])
  }) // prettier-ignore

  it('figures of a seal that were changed together with the hashes of their event', async () => {
    const streams = { readStream: async (stream: string) => (await field.ledger.readStream(stream)).map((event) => event.type === 'CampaignSealed' ? { ...event, payload: Buffer.from(event.payload?.toString().replace('"certified":3', '"certified":2') ?? '') } : event) } // prettier-ignore
    const { findings } = await verifySeals({ pool: field.desk.pool, streams })
    expect(findings).toEqual(['campaign kept@run: its seal is not over the figures that stand with it'])
  })
})
