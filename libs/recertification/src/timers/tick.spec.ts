import { handleCommand } from '@catena/ledger'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { definitionDecider, definitionStream } from '../definition/decider.js'
import { loadCampaign } from '../desk/campaigns.js'
import { DAY_MS, definition, LAUNCH, on } from '../testing/campaign.js'
import { accessTo, openDeskField, type DeskField } from '../testing/desk-field.js'
import { tick } from './tick.js'

const SCHEDULE = { rule: 'FREQ=DAILY', zone: 'UTC', start: '2026-01-01T09:00' }

type StoredEvent = Parameters<typeof definitionDecider.evolve>[1]

let field: DeskField
beforeAll(async () => {
  field = await openDeskField()
}, 60_000)
afterAll(() => field.close())

/** As one that was sound where it was defined: other builds of Node know other zones. */
async function defineInZone(id: string, zone: string): Promise<void> {
  const defined = definition({ schedule: { ...SCHEDULE, zone }, catchUp: 'latest' })
  const event = { type: 'CampaignDefined', data: { id, version: 1, definition: defined } }
  const anyZone = { ...definitionDecider, decide: () => [event as unknown as StoredEvent] }
  const command = { type: 'Define' as const, id, definition: defined }
  await handleCommand(field.ledger, anyZone, { stream: definitionStream(id), command, by: on(0) })
  await field.settle()
}

describe('a turn of the timer that meets a schedule that cannot be read here', () => {
  it('R6.4 begins what the other schedules say and lets campaigns that are on go on, then tells of it', async () => {
    field.startAnew([accessTo(1)])
    await field.define('asked', definition({}))
    const asked = await field.launch('asked')
    await field.decide(asked, 1, 'certify')
    await defineInZone('a-broken', 'Mars/Olympus_Mons')
    await defineInZone('b-sound', 'UTC')
    const now = LAUNCH + DAY_MS
    await expect(tick(field.desk, now)).rejects.toThrow('Mars/Olympus_Mons')
    await field.settle()
    expect((await loadCampaign(field.desk, asked)).status).toBe('closing')
    const { rows } = await field.desk.pool.query<{ begun: string }>(
      `SELECT DISTINCT split_part(id, '@', 1) AS begun FROM decisions.campaign ORDER BY begun`,
    )
    expect(rows.map(({ begun }) => begun)).toEqual(['asked', 'b-sound'])
  }, 30_000)
})
