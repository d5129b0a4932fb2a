import { decodeDecision } from '@catena/ledger'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { commandCampaign, loadCampaign, reiterateCampaign } from '../desk/campaigns.js'
import { commandItems, decideItems } from '../desk/items.js'
import { definition, identity, on, personKey } from '../testing/campaign.js'
import { accessTo, openDeskField, type DeskField } from '../testing/desk-field.js'
import { campaignStream } from '../campaign/decider.js'
import { reportCampaign, reportToKeep } from './campaign-report.js'
import { figuresOver } from './over-campaigns.js'
import { REPORT_FORMATS, writeReport } from './write-report.js'

const ID = 'kept@run'

let field: DeskField
beforeAll(async () => {
  field = await openDeskField()
  field.startAnew([1, 2, 3].map((number) => accessTo(number)))
  const stages = [{ name: 'one', fromDay: 0, toDay: 14, quorum: 1, reviewers: [{ kind: 'people' as const, people: [personKey('boss')] }] }]
  await field.define('kept', definition({ stages }))
  await field.launch('kept')
  await field.decide(ID, 1, 'certify')
  await field.decide(ID, 2, 'certify')
  for (const day of [15, 22, 22]) await field.advance(ID, day)
  await commandCampaign(field.desk, ID, { type: 'SignOff', reason: 'one was never answered', undecided: 1 }, on(24))
  for (const day of [24, 25, 26]) await field.advance(ID, day)
}, 90_000) // prettier-ignore
afterAll(() => field.close())

async function documents(until?: number): Promise<string[]> {
  const report = await reportToKeep(field.desk, ID, until)
  if (report === undefined) throw new Error('no campaign')
  const written = []
  for (const format of REPORT_FORMATS) {
    let text = ''
    for await (const piece of writeReport(field.desk, report, format)) text += piece
    written.push(text)
  }
  return written
}

const FIGURES = { items: 3, certified: 2, expired: 1, votes: 2, open: 0, impeached: 0, conflictsRefused: 0 }
const FIGURES_ALL = {
  ...FIGURES, revoked: 0, modified: 0, excepted: 0, moot: 0, superseded: 0, late: 0, afterLeaving: 0, selfReviews: 0, conflictsFound: 0,
  neverAssigned: 0, orders: 0, verified: 0, regressions: 0,
} // prettier-ignore

describe('R6.9 a sealed campaign', () => {
  it('has everything that it came to in the event of its seal', async () => {
    const events = (await field.ledger.readStream(campaignStream(ID))).flatMap((event) => decodeDecision(event) ?? [])
    const sealed = events.find(({ event }) => event.type === 'CampaignSealed')
    const report = await reportCampaign(field.desk, ID)
    expect(sealed?.event.data).toMatchObject({ figures: FIGURES })
    expect(report).toMatchObject({ sealPosition: sealed?.position, figures: (sealed?.event.data as { figures: object }).figures }) // prettier-ignore
  })

  it('says the same for ever: after a try, after contradicting evidence and after a next iteration', async () => {
    const before = await documents()
    const items = await field.items(ID)
    const [first] = items.map(({ item }) => item.id) as [string]
    const vote = { items: [first], decision: { kind: 'certify' as const }, reason: 'mine', request: 'late' }
    const twin = identity('boss', { aliases: [personKey('ada')] })
    expect(await decideItems(field.desk, vote, twin, on(30))).toMatchObject({ refused: 'CONFLICT_OF_INTEREST' })
    await commandItems(field.desk, [first], () => ({ type: 'Impeach', why: 'came late', position: 1 }), on(31))
    await field.settle()
    await reiterateCampaign(field.desk, ID, on(32))
    await field.settle()
    expect(await loadCampaign(field.desk, ID)).toMatchObject({ status: 'reiterated' })
    expect(await documents()).toEqual(before)
    expect((await reportCampaign(field.desk, ID))?.figures).toMatchObject(FIGURES)
    const over = await figuresOver(field.desk, { definition: 'kept', from: undefined, to: undefined })
    expect(over.rows.map(({ campaign, figures }) => [campaign.id, figures.conflictsRefused, figures.impeached])[0]).toEqual([ID, 0, 0]) // prettier-ignore
    expect(over.total).toMatchObject({ conflictsRefused: 0, impeached: 0, votes: 2 })
    // What came later is in the ledger, and with the item.
    expect((await field.items(ID))[0]?.state).toMatchObject({ isImpeached: true })
  }, 30_000)

  it('has the figures that were sealed, however they would be counted today', async () => {
    const report = await reportCampaign(
      sealedAs((figures) => ({ ...figures, certified: 3, expired: 0 })),
      ID,
    )
    expect(report?.figures).toEqual({ ...FIGURES_ALL, certified: 3, expired: 0 })
  })

  it('of an earlier version, which sealed the outcomes alone, has the others as of its seal', async () => {
    expect((await reportCampaign(sealedAs(outcomesAlone), ID))?.figures).toEqual(FIGURES_ALL)
  })

  it('is told as it stood at any cut before', async () => {
    const report = await reportToKeep(field.desk, ID)
    const earlier = await reportToKeep(field.desk, ID, (report?.sealPosition ?? 0) - 1)
    expect(earlier).toMatchObject({ sealPosition: undefined, campaign: { status: 'verifying' } })
  })
})

type Counts = Readonly<Record<string, number>>

/** The desk, on a ledger in which the seal has other figures. */
function sealedAs(change: (figures: Counts) => Counts): typeof field.desk {
  const { desk } = field
  const streams: typeof desk.streams = Object.assign(Object.create(desk.streams) as typeof desk.streams, {
    readStream: async (stream: string) => {
      const events = await desk.streams.readStream(stream)
      return events.map((event) => (event.type === 'CampaignSealed' ? { ...event, payload: changed(event.payload) } : event)) // prettier-ignore
    },
  })
  const changed = (payload: Buffer | undefined): Buffer => {
    const data = JSON.parse(payload?.toString() ?? '') as { figures: Counts }
    return Buffer.from(JSON.stringify({ ...data, figures: change(data.figures) }))
  }
  return { ...desk, streams }
}

function outcomesAlone(figures: Counts): Counts {
  const names = ['items', 'certified', 'revoked', 'modified', 'excepted', 'moot', 'superseded', 'expired']
  return Object.fromEntries(names.map((name) => [name, figures[name] ?? 0]))
}
