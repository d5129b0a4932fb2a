import { verifyDecisionViews } from '@catena/projections'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { definition, personKey } from '../testing/campaign.js'
import { accessTo, openDeskField, type DeskField } from '../testing/desk-field.js'
import { campaignView } from './campaign-view.js'
import { itemView } from './item-view.js'

const stages = [{ name: 'one', fromDay: 0, toDay: 14, quorum: 1, reviewers: [{ kind: 'people' as const, people: [personKey('boss')] }] }] // prettier-ignore
const FIRST = `WHERE ctid = (SELECT min(ctid) FROM`

describe('lists of campaigns and their items', () => {
  let field: DeskField
  let superuser: pg.Client
  beforeAll(async () => {
    field = await openDeskField()
    field.startAnew([accessTo(1), accessTo(2), accessTo(3)])
    for (const id of ['done', 'open']) {
      await field.define(id, definition({ stages }))
      await field.launch(id)
    }
    for (const number of [1, 2]) await field.decide('done@run', number, number === 1 ? 'certify' : 'revoke')
    for (const day of [15, 22]) await field.advance('done@run', day)
    await field.settle()
    superuser = new pg.Client(field.databaseUrl)
    await superuser.connect()
  }, 90_000)
  afterAll(async () => {
    await superuser.end()
    await field.close()
  })

  const verified = () =>
    verifyDecisionViews({ databaseUrl: field.databaseUrl, log: field.ledger, views: [campaignView, itemView] })

  it('R7.1 are what the ledger says, when nobody touched them', async () => {
    expect(await verified()).toEqual({ count: expect.any(Number), findings: [], findingsCount: 0 })
  })

  it.each([
    ['campaign', `SET status = 'sealed'`],
    ['campaign', `SET state = state || '{"status":"sealed"}'`],
    ['campaign_definition', 'SET retired = NOT retired'],
    ['campaign_population', `SET campaign = 'other'`],
    ['campaign_course', `SET course = '{"status":"closed"}'`],
    ['review_item', `SET status = 'certified'`],
    ['review_item', `SET state = state || '{"votes":[]}'`],
    ['review_item', `SET reviewers = '{}'`],
    ['access_review', `SET review = review || '{"outcome":"certify","x":1}'`],
  ])('R7.1 %s: a row changed by hand is found (%s)', async (table, change) => {
    await superuser.query(`CREATE TABLE kept AS SELECT * FROM decisions.${table}`)
    try {
      const { rowCount } = await superuser.query(`UPDATE decisions.${table} ${change} ${FIRST} decisions.${table})`)
      expect(rowCount).toBe(1)
      const { findings, findingsCount } = await verified()
      expect([findings, findingsCount]).toEqual([[expect.stringMatching(new RegExp(`^${table}: different `))], 1])
      await superuser.query(`DELETE FROM decisions.${table}`)
      expect((await verified()).findings[0]).toMatch(new RegExp(`^${table}: missing `))
    } finally {
      await superuser.query(
        `DELETE FROM decisions.${table}; INSERT INTO decisions.${table} SELECT * FROM kept; DROP TABLE kept`,
      )
    }
  })
})
