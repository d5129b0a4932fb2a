import { credentialOf } from '@catena/projections'
import {
  INCIDENTS_FILE,
  MemoryOutput,
  simulate,
  SIMULATION_DEFAULTS,
  type IncidentLine,
  type SimulationOptions,
} from '@catena/simulation'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { administered, type AdministeredLedger } from './administered.js'

const SOME_MONTHS: SimulationOptions = { ...SIMULATION_DEFAULTS, people: 8, credentials: 16, days: 130, rate: 20 }

describe('what a simulated organisation tells Catena', () => {
  const out = new MemoryOutput()
  let told: AdministeredLedger
  let lines: readonly IncidentLine[]

  beforeAll(async () => {
    const { commands } = simulate(SOME_MONTHS, out)
    lines = out.of(INCIDENTS_FILE).map((line) => JSON.parse(line) as IncidentLine)
    told = await administered(out)
    expect(told.outcome.commands).toBe(commands)
  }, 60_000)

  it('R5.1 is refused nothing by the rules, and each command leaves what it decided', () => {
    for (const [line, positions] of told.outcome.positions) expect([line, positions.length]).toEqual([line, 1])
  })

  it('R2.2 names owner, purpose and environment of every credential, and the owner agreed', () => {
    const declared = told.decisions.flatMap(({ event }) => (event.type === 'CredentialFactsDeclared' ? [event.data] : [])) // prettier-ignore
    const ids = new Set(declared.map(({ credential }) => credential as string))
    expect(ids.size).toBeGreaterThan(SOME_MONTHS.credentials)
    for (const id of ids) {
      const { stewardship } = told.decidedOf(id, Infinity)
      expect(stewardship.owner).toBeDefined()
      expect(stewardship.declared).toMatchObject({ purpose: expect.anything(), environment: expect.anything() })
    }
  })

  it('R3.7 keeps what it excepted heard of: no compensation falls silent but where that is planted', () => {
    const ordinary = told.decisions.filter(({ event }) => event.type === 'ExceptionRequested').slice(0, 2)
    expect(ordinary).toHaveLength(2)
    for (const { event } of ordinary) {
      const [credential = ''] = event.data.credentials as string[]
      for (let day = 1; day < SOME_MONTHS.days; day++) {
        const at = SOME_MONTHS.start + day * 86_400_000
        const [exception] = told.decidedOf(credential, at).sharing.exceptions
        const [heard] = exception?.compensations ?? []
        expect((heard?.lastHeardAt ?? 0) + (heard?.heartbeatMs ?? 0)).toBeGreaterThan(at)
      }
    }
  })

  it('R2.2 says whose the credentials of incidents are, before anything is done with them', () => {
    for (const { credential, incident, at } of lines) {
      if (credential === undefined || incident === 'visible-not-governed/1') continue
      const { stewardship } = told.decidedOf(credentialOf(credential) ?? '', Date.parse(at))
      expect([incident, stewardship.owner === undefined]).toEqual([incident, false])
    }
  })
})
