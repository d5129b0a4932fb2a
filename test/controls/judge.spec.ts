import { CONTROLS, type Control } from '@catena/governance'
import { describe, expect, it } from '@jest/globals'
import { judgeClean, judgeIncidents } from './judge.js'
import { Tally } from './tally.js'
import { YEAR } from './year.js'

/** As `npm run controls:truth` judges twenty. */
const MONTHS = { ...YEAR, days: 125, seed: 3 }
/** Kinds of few days, by which a broken control shows. */
const FEW = { ...YEAR, days: 12, incidents: ['shared-identity-access', 'approval-by-requester'] }

describe('a simulated organisation through the whole pipeline', () => {
  it('R5.1 has every planted violation found by its cause, and every legitimate twin left in peace', async () => {
    const tally = new Tally()
    const { incidents } = await judgeIncidents(MONTHS, tally)
    expect(tally.examples).toEqual([])
    expect(incidents).toBeGreaterThan(20)
  }, 120_000)

  it('R5.1 has no grave alarm where nothing is wrong', async () => {
    const tally = new Tally()
    await judgeClean({ ...MONTHS, days: 100 }, tally)
    expect([tally.graveAlarms, tally.graveAlarms === 0 ? [] : tally.examples]).toEqual([0, []])
    expect(tally.of('identity-attribution').asked).toBeGreaterThan(10)
  }, 120_000)
})

describe('a control that is broken', () => {
  const judged = async (broken: Partial<Control>): Promise<Tally> => {
    const tally = new Tally()
    await judgeIncidents(FEW, tally, CONTROLS.map((control) => (control.id === 'shared-identity' ? { ...control, ...broken } : control))) // prettier-ignore
    return tally
  }

  it.each([
    ['finds nothing', { test: () => said('controlled') }, 'missed'],
    ['asks nothing', { applies: () => false }, 'missed'],
    ['cries always', { test: () => said('uncontrolled') }, 'alarm on the twin'],
    ['points elsewhere', { test: () => said('uncontrolled', 1) }, 'without its cause'],
  ] as const)(
    'R5.1 is shown: it %s',
    async (_, broken, fault) => {
      const tally = await judged(broken)
      expect(tally.holds).toBe(false)
      expect(tally.examples.join('\n')).toContain(`shared-identity: ${fault}`)
    },
    60_000,
  )
})

function said(verdict: 'controlled' | 'uncontrolled', ...witnesses: number[]) {
  return { verdict, reason: 'broken', witnesses }
}
