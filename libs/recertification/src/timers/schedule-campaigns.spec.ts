import { decodeDecision, handleCommand, MemoryLedger } from '@catena/ledger'
import { describe, expect, it } from '@jest/globals'
import { definitionDecider, definitionStream } from '../definition/decider.js'
import type { CatchUp } from '../definition/definition.js'
import type { RecertificationDesk } from '../desk/desk.js'
import { DAY_MS, definition } from '../testing/campaign.js'
import { toBegin } from './due-occurrences.js'
import { scheduleDue } from './schedule-campaigns.js'

const START = Date.UTC(2026, 0, 1, 8)
const first = (month: number) => Date.UTC(2026, month, 1, 9)

/** A desk on a ledger in memory; a fake pool knows the one definition. */
async function given(catchUp: CatchUp) {
  const streams = new MemoryLedger()
  const pool = { query: () => Promise.resolve({ rows: [{ id: 'm' }] }) }
  const desk = { streams, pool } as unknown as RecertificationDesk
  const schedule = { rule: 'FREQ=MONTHLY', zone: 'UTC', start: '2026-01-01T09:00' }
  const command = { type: 'Define' as const, id: 'm', definition: definition({ schedule, catchUp, graceDays: 3 }) }
  await handleCommand(streams, definitionDecider, {
    stream: definitionStream('m'),
    command,
    by: { actor: 'x', at: START },
  })
  const at = (now: number) => scheduleDue(desk, { actor: 'timer', at: now })
  const told = async () => {
    const events = (await streams.readDecisions(0, 1_000)).flatMap((event) => decodeDecision(event) ?? [])
    const handled = events.filter(({ event }) => event.type === 'CampaignOccurrencesHandled')
    return {
      begun: events.filter(({ event }) => event.type === 'CampaignScheduled').map(({ event }) => event.data['scheduledFor']),
      missed: handled.flatMap(({ event }) => event.data['missed'] as number[]),
    }
  }
  return { at, told }
} // prettier-ignore

describe('the scheduler', () => {
  it('begins each occurrence once, however often it looks, after restarts and under a clock that is set back', async () => {
    const { at, told } = await given('latest')
    await Promise.all([at(first(0) + 1_000), at(first(0) + 1_000)])
    await at(first(1) + 1_000)
    await at(first(0) + 2_000)
    await at(first(1) + 2_000)
    expect(await told()).toEqual({ begun: [first(0), first(1)], missed: [] })
  })

  it.each<[CatchUp, number[], number[]]>([
    ['all', [first(0), first(1), first(2)], []],
    ['latest', [first(2)], [first(0), first(1)]],
    ['none', [], [first(0), first(1), first(2)]],
  ])('after an outage begins %s, and tells of every occurrence that it passed over', async (catchUp, begun, missed) => {
    const { at, told } = await given(catchUp)
    await at(first(2) + 5 * DAY_MS)
    expect(await told()).toEqual({ begun, missed })
  })

  it('that catches up with nothing still begins what is on time', () => {
    expect(toBegin([first(0), first(1)], 'none', first(1) + 60_000)).toEqual([first(1)])
  })
})
