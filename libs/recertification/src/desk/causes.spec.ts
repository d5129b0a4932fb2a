import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { definition, on } from '../testing/campaign.js'
import { accessTo, openDeskField, type DeskField } from '../testing/desk-field.js'
import { scheduleCampaign } from './campaigns.js'

let field: DeskField
beforeAll(async () => {
  field = await openDeskField()
  field.startAnew([accessTo(1)])
  await field.define('quarterly', definition())
}, 60_000)
afterAll(() => field.close())

const schedule = (cause: string) =>
  scheduleCampaign(field.desk, { definition: 'quarterly', cause, at: on(0).at }, on(0))

describe('what a run is called', () => {
  it.each(['', ' ', 'q2\n', 'q2\u001b[2J', 'q'.repeat(201)])('%j is refused: lists and indexes hold it', async (cause) => {
    expect(await schedule(cause)).toMatchObject({ refused: 'BAD_INPUT', message: expect.stringContaining('1 to 200 characters of one line') })
  }) // prettier-ignore

  it.each(['2026-q2.next', '2026-q2.next.next', 'micro-4711-2'])(
    '%s is refused: iterations and micro-certifications are called so',
    async (cause) => {
      expect(await schedule(cause)).toMatchObject({
        refused: 'BAD_INPUT',
        message: expect.stringContaining('call this run otherwise'),
      })
    },
  )

  it.each(['2026-q2', 'nach dem Umzug, 2. Versuch', '2026-03-01T08:00:00.000Z', 'micro-wave', 'next'])(
    '%s is a campaign',
    async (cause) => {
      expect(await schedule(cause)).toMatchObject({ id: `quarterly@${cause}` })
    },
  )
})
