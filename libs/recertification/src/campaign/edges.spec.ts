import { formatInstant } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { activeCampaign, definition, frozen, LAUNCH, LAUNCHING, on, runCampaign, DAY_MS } from '../testing/campaign.js'
import { campaignRules, type CampaignCommand } from './decider.js'

const ask = (state: ReturnType<typeof runCampaign>, command: CampaignCommand, by = on(1)) =>
  campaignRules.decide(state, command, by)

describe('a campaign', () => {
  it('that selects nothing is vacuous, which is an end and no pass', () => {
    const [schedule, begin] = LAUNCHING()
    const state = runCampaign([schedule!, begin!, { type: 'FreezePopulation', frozen: frozen({ items: 0 }) }])
    expect(state.status).toBe('vacuous')
    expect(ask(state, { type: 'LaunchCampaign' })).toMatchObject({ refused: 'WRONG_STATUS' })
  })

  it('time zones: deadlines become instants at launch, by the clock of the zone', () => {
    const launchedAt = Date.parse('2026-03-20T09:00:00+01:00')
    const [schedule, begin, freeze, launch] = LAUNCHING({ zone: 'Europe/Berlin' })
    const state = runCampaign([schedule!, begin!, freeze!, { ...launch!, at: launchedAt }])
    expect(state).toMatchObject({ stages: [{ dueAt: Date.parse('2026-04-03T09:00:00+02:00') }] })
    expect(formatInstant((state as { graceUntil: number }).graceUntil)).toBe('2026-04-10T07:00:00.000Z')
  })

  it('is scheduled once for an occurrence, however often it is asked', () => {
    const [schedule] = LAUNCHING()
    expect(ask(runCampaign([schedule!]), schedule!)).toEqual([])
  })

  it('is voided by two people with a reason, and never deleted', () => {
    const asked = runCampaign([...LAUNCHING(), { type: 'VoidCampaign', why: 'wrong scope', actor: 'person:a' }])
    expect(asked.status).toBe('active')
    expect(ask(asked, { type: 'VoidCampaign', why: 'wrong scope' }, on(1, 'person:a'))).toMatchObject({ refused: 'SECOND_PERSON_NEEDED' })
    const byAnotherName = { type: 'VoidCampaign', why: 'yes', names: ['person:b', 'person:a'] } as const
    expect(ask(asked, byAnotherName, on(1, 'person:b'))).toMatchObject({ refused: 'SECOND_PERSON_NEEDED' })
    expect(ask(asked, { type: 'VoidCampaign', why: 'yes' }, on(1, 'person:b'))).toMatchObject([{ type: 'CampaignVoided', data: { askedBy: 'person:a' } }])
    expect(ask(activeCampaign(), { type: 'VoidCampaign', why: ' ' })).toMatchObject({ refused: 'REASON_NEEDED' })
  }) // prettier-ignore

  it('closes early only when nothing is open, and is sealed only when every remediation is verified', () => {
    const active = activeCampaign()
    expect(ask(active, { type: 'CloseCampaign', open: 1, why: 'x' }, on(20))).toMatchObject({ refused: 'TOO_EARLY' })
    expect(ask(active, { type: 'CloseCampaign', open: 1, why: 'time is up' }, on(22))).toMatchObject([
      { type: 'CampaignClosing' },
    ])
    const verifying = runCampaign([
      ...LAUNCHING(), { type: 'CloseCampaign', open: 0, why: 'done' }, { type: 'SignOff', reason: '', undecided: 0 },
      { type: 'FinishRemediation', orders: 1, unapplied: 0 },
    ]) // prettier-ignore
    const figures = { items: 1, certified: 0, revoked: 1, modified: 0, excepted: 0, moot: 0, superseded: 0, expired: 0 }
    const seal = (unverified: number) => ask(verifying, { type: 'SealCampaign', figures, reportHash: 'h', unverified })
    expect(seal(1)).toMatchObject({ refused: 'STILL_OPEN' })
    expect(seal(0)).toMatchObject([{ type: 'CampaignSealed' }])
  })

  it('closes with what is open when the grace ends, and is signed off once its items are at what they come to', () => {
    expect(ask(activeCampaign(), { type: 'CloseCampaign', open: 1, why: 'time is up' }, on(21))).toMatchObject([{ type: 'CampaignClosing' }])
    const closing = runCampaign([...LAUNCHING(), { type: 'CloseCampaign', open: 0, why: 'done' }])
    expect(ask(closing, { type: 'SignOff', reason: 'x', undecided: 1, unfinished: 1 })).toMatchObject({ refused: 'STILL_OPEN' })
    expect(ask(closing, { type: 'SignOff', reason: 'x', undecided: 1, unfinished: 0 })).toMatchObject([{ type: 'CampaignSignedOff' }])
  }) // prettier-ignore

  it('extended, moves the deadline of its stage and all of the later ones; what is over stays', () => {
    const stages = [0, 1, 2].map((stage) => ({ name: `s${stage}`, fromDay: stage * 7, toDay: stage * 7 + 7, quorum: 1, reviewers: [] }))
    const second = runCampaign([...LAUNCHING({ stages }), { type: 'OpenStage', stage: 1, at: LAUNCH + 7 * DAY_MS }])
    const [event] = ask(second, { type: 'ExtendCampaign', days: 2, why: 'holidays' }, on(8)) as unknown as [{ data: { stages: { opensAt: number; dueAt: number }[] } }]
    expect(event.data.stages.map(({ opensAt, dueAt }) => [opensAt, dueAt].map((at) => (at - LAUNCH) / DAY_MS))).toEqual([[0, 7], [7, 16], [16, 23]])
  }) // prettier-ignore

  it('pauses without losing time', () => {
    const paused = runCampaign([...LAUNCHING(), { type: 'PauseCampaign', why: 'outage', at: LAUNCH + DAY_MS }])
    const [event] = ask(paused, { type: 'ResumeCampaign', pausedAt: LAUNCH + DAY_MS }, on(3)) as unknown as [{ data: { graceUntil: number } }]
    expect(event.data.graceUntil).toBe(LAUNCH + (14 + 7 + 2) * DAY_MS)
    expect(ask(paused, { type: 'ResumeCampaign' }, on(3))).toEqual([event])
  }) // prettier-ignore

  it('resumes from when the pause is on record, not from when somebody says that it was', () => {
    const paused = runCampaign([...LAUNCHING(), { type: 'PauseCampaign', why: 'outage', at: LAUNCH + DAY_MS }])
    for (const day of [0, 2, 31])
      expect(ask(paused, { type: 'ResumeCampaign', pausedAt: LAUNCH + day * DAY_MS }, on(3))).toMatchObject({ refused: 'BAD_INPUT', message: expect.stringContaining('2026-06-02T09:00:00.000Z') as unknown })
    // By a clock that is behind that of the pause.
    expect(ask(paused, { type: 'ResumeCampaign' }, on(0))).toMatchObject([{ data: { graceUntil: LAUNCH + 21 * DAY_MS } }])
  }) // prettier-ignore

  it('keeps the definition it was begun with', () => {
    expect(activeCampaign()).toMatchObject({ definition: definition(), definitionVersion: 1 })
  })
})
