import { CONTROLS, type Control } from '@catena/governance'
import { MemoryOutput, simulate, type SimulationOptions } from '@catena/simulation'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { judgeClean, judgeIncidents, judgePlanted } from './judge.js'
import { stageOrganisation, type Stage } from './stage.js'
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

describe('one value of a secret in two environments', () => {
  it('R3.14 is found by the jobs of both, and jobs of which each has a value of its own are left in peace', async () => {
    const tally = new Tally()
    await judgeIncidents({ ...YEAR, days: 12, incidents: ['two-environments'] }, tally)
    const { planted, found, twins, silent } = tally.of('environments-apart')
    expect(tally.examples).toEqual([])
    expect([planted > 0, found, silent]).toEqual([true, planted, twins])
  }, 60_000)
})

describe('an environment that is torn down', () => {
  it('R3.14 R4.1 leaves a credential behind that is found after a day, and none where its secret was done away with', async () => {
    const { planted, found, twins, silent } = await judgedAlone('environment-left-behind', 'torn-down-ended')
    expect([planted, found, twins, silent]).toEqual([1, 1, 1, 1])
  }, 60_000)
})

describe('a secret that is granted to a team', () => {
  it.each(['shared-account-use', 'request-approved', 'human-use-of-workload'])(
    'R3.3 R1.10 R5.8 is not held against whoever left the team after using it, and against whoever used it after: %s',
    async (control) => {
      const { planted, found, twins, silent } = await judgedAlone('left-the-team', control)
      expect([planted, found, twins, silent]).toEqual([1, 1, 1, 1])
    },
    60_000,
  )
})

async function judgedAlone(incident: string, control: string) {
  const tally = new Tally()
  await judgeIncidents({ ...YEAR, days: 14, incidents: [incident] }, tally)
  expect(tally.examples.filter((example) => example.includes(` ${control}: `))).toEqual([])
  return tally.of(control)
}

describe('somebody who was hired before all others, and leaves', () => {
  it('R4.1 left when the provider recorded it, though the export of the end has no time of its own', async () => {
    const options = { ...YEAR, days: 100, incidents: [] }
    const seed = Array.from({ length: 200 }, (_, index) => index + 1).find((each) => firstOneLeaves({ ...options, seed: each })) // prettier-ignore
    const tally = new Tally()
    await judgeClean({ ...options, seed: seed ?? NaN }, tally, CONTROLS.filter(({ id }) => id === 'leaver-revoked')) // prettier-ignore
    expect(tally.examples).toEqual([])
    expect(tally.of('leaver-revoked').asked).toBeGreaterThan(5)
  }, 120_000)
})

function firstOneLeaves(options: SimulationOptions): boolean {
  const out = new MemoryOutput()
  simulate(options, out)
  const { enabled } = JSON.parse(out.of('keycloak-users.jsonl')[0] ?? '{}') as { enabled?: boolean }
  return enabled === false
}

describe('a control that is broken', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await stageOrganisation(FEW)
  }, 60_000)
  afterAll(() => stage.close())

  const judged = async (broken: Partial<Control>): Promise<Tally> => {
    const tally = new Tally()
    const controls = CONTROLS.map((control) => (control.id === 'shared-identity' ? { ...control, ...broken } : control))
    await judgePlanted(stage, { tally, controls, seed: FEW.seed })
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
