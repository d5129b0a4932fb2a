import { decodeDecision } from '@catena/ledger'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { campaignStream } from '../campaign/decider.js'
import { isLaunched } from '../campaign/state.js'
import { commandCampaign, loadCampaign } from '../desk/campaigns.js'
import type { RecertificationDesk } from '../desk/desk.js'
import { commandItems } from '../desk/items.js'
import { definition, on } from '../testing/campaign.js'
import { accessTo, openDeskField, type DeskField } from '../testing/desk-field.js'
import { reportCampaign } from '../report/campaign-report.js'
import { sealCampaign } from './seal-campaign.js'

let field: DeskField
beforeAll(async () => {
  field = await openDeskField()
  field.startAnew([1, 2].map((number) => accessTo(number)))
}, 60_000)
afterAll(() => field.close())

/** A campaign that has nothing left to do but its seal. */
async function verified(id: string): Promise<string> {
  await field.define(id, definition())
  const campaign = await field.launch(id)
  for (const number of [1, 2]) await field.decide(campaign, number, 'certify')
  for (const day of [15, 15]) await field.advance(campaign, day)
  await commandCampaign(field.desk, campaign, { type: 'SignOff', reason: '', undecided: 0 }, on(16))
  await field.settle()
  await field.advanceTo(campaign, 'verifying', 17)
  return campaign
}

/** The desk, on a ledger to which somebody appends right before the first seal. */
function raced(meanwhile: () => Promise<unknown>): RecertificationDesk {
  const { streams } = field.desk
  let isFirst = true
  const appendTogether: typeof streams.appendTogether = async (...asked) => {
    if (isFirst && asked[0].some(({ events }) => events.some(({ type }) => type === 'CampaignSealed'))) {
      isFirst = false
      await meanwhile()
    }
    return streams.appendTogether(...asked)
  }
  return { ...field.desk, streams: Object.assign(Object.create(streams) as typeof streams, { appendTogether }) }
}

async function seal(desk: RecertificationDesk, id: string, day: number): Promise<string> {
  const state = await loadCampaign(desk, id)
  if (!isLaunched(state)) throw new Error(`${id} is ${state.status}`)
  await sealCampaign(desk, state, on(day))
  await field.settle()
  return (await loadCampaign(desk, id)).status
}

const impeach = async (id: string): Promise<void> => {
  const [first] = await field.items(id)
  await commandItems(field.desk, [first!.item.id], () => ({ type: 'Impeach', why: 'came late', position: 1 }), on(18))
}

describe('R6.9 the seal', () => {
  it('is put off where an item got an event after the counting, and has it in its figures then', async () => {
    const id = await verified('raced')
    expect(await seal(raced(() => impeach(id)), id, 18)).toBe('verifying')
    expect(await seal(field.desk, id, 19)).toBe('sealed')
    const events = (await field.ledger.readStream(campaignStream(id))).flatMap((event) => decodeDecision(event) ?? [])
    const sealed = events.filter(({ event }) => event.type === 'CampaignSealed')
    expect(sealed.map(({ event }) => event.data['figures'])).toMatchObject([{ items: 2, certified: 2, impeached: 1 }])
    expect((await reportCampaign(field.desk, id))?.figures).toMatchObject({ impeached: 1 })
  }, 30_000) // prettier-ignore

  it('does not wait for items of other campaigns, nor for records', async () => {
    const [other, id] = [await verified('other'), await verified('calm')]
    expect(await seal(raced(() => impeach(other)), id, 18)).toBe('sealed')
    expect(await loadCampaign(field.desk, id)).toMatchObject({ figures: { items: 2, impeached: 0 } })
  }, 30_000) // prettier-ignore
})
