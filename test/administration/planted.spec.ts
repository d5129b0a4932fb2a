import { CONTROLS, evaluate, type ControlResult } from '@catena/governance'
import { credentialOf } from '@catena/projections'
import { INCIDENTS_FILE, MemoryOutput, simulate, SIMULATION_DEFAULTS, type IncidentLine } from '@catena/simulation'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { history } from '../../libs/governance/src/testing/histories.js'
import { administered, type AdministeredLedger } from './administered.js'

/** Controls that ask for nothing that only records tell. */
const OF_DECISIONS = [
  'owner-attested',
  'governed-not-only-visible',
  'insecure-location',
  'role-based',
  'grant-ends',
  'exception-sound',
  'workflow-complete',
  'agent-boundary',
  'agent-workflow-owned',
]

/** The stamps of an incident are those of its act; a minute later everybody knows. */
const A_MINUTE = 60_000

describe('what is planted by what people say, and leave unsaid', () => {
  const out = new MemoryOutput()
  let told: AdministeredLedger
  let lines: readonly IncidentLine[]

  beforeAll(async () => {
    simulate({ ...SIMULATION_DEFAULTS, people: 8, credentials: 16, days: 60, rate: 20 }, out)
    lines = out.of(INCIDENTS_FILE).map((line) => JSON.parse(line) as IncidentLine)
    told = await administered(out)
  }, 60_000)

  function judged(control: string, { credential, at: time }: IncidentLine): ControlResult | undefined {
    const at = Date.parse(time) + A_MINUTE
    const { stewardship, sharing } = told.decidedOf(credentialOf(credential!) ?? '', at)
    const owner = stewardship.owner === undefined ? {} : { owner: stewardship.owner }
    const controls = CONTROLS.filter(({ id }) => id === control)
    return evaluate(history({ at, stewardship, sharing, ...owner }), controls).results[0]
  }

  it.each(OF_DECISIONS)(
    'R5.1 is found, with what was said among its witnesses, and the twin is left in peace: %s',
    (control) => {
      const planted = lines.filter(({ breaks }) => breaks.some((each) => each.control === control))
      expect(planted.filter(({ twinOf }) => twinOf === undefined)).not.toEqual([])
      for (const line of planted) {
        const result = judged(control, line)
        expect([line.incident, result?.verdict === 'uncontrolled']).toEqual([line.incident, line.twinOf === undefined])
        const said = line.cause.flatMap((fact) => told.outcome.positions.get(Number(/^administration:(\d+)$/.exec(fact)?.[1])) ?? []) // prettier-ignore
        if (line.twinOf === undefined && said.length > 0) expect(result?.witnesses).toEqual(expect.arrayContaining(said.slice(0, 1))) // prettier-ignore
      }
    },
  )
})
