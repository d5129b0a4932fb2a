import { describe, expect, it } from '@jest/globals'
import { NO_FAULTS, SIMULATION_DEFAULTS, type SimulationOptions } from './options.js'
import { MemoryOutput } from './output/memory.js'
import { simulate } from './simulate.js'

const SMALL: SimulationOptions = { ...SIMULATION_DEFAULTS, days: 6, rate: 400, people: 12, credentials: 40 }

function texts(options: SimulationOptions): string {
  const out = new MemoryOutput()
  simulate(options, out)
  return out.files.map((file) => `${file}\n${out.of(file).join('\n')}`).join('\n')
}

describe('a simulated organisation', () => {
  it('is the same, byte for byte, for the same options, and another for another seed', () => {
    expect(texts(SMALL)).toBe(texts(SMALL))
    expect(texts({ ...SMALL, seed: 2 })).not.toBe(texts(SMALL))
  })

  it.each([400, 4_000])('writes about as many records a day as asked for: %i', (rate) => {
    const options = { ...SMALL, rate, days: 7, incidents: [] }
    const { records, byFile } = simulate(options, new MemoryOutput())
    const setup = (byFile.get('keycloak-admin-events.jsonl') ?? 0) + (byFile.get('keycloak-users.jsonl') ?? 0)
    expect((records - setup) / 6 / rate).toBeGreaterThan(0.75)
    expect((records - setup) / 6 / rate).toBeLessThan(1.25)
  })

  it('loses one hour of a source, and nothing of the others', () => {
    const busy = { ...SMALL, rate: 3_000 }
    const whole = simulate(busy, new MemoryOutput()).byFile
    const { byFile, sources } = simulate({ ...busy, faults: { ...NO_FAULTS, dropSource: 'github' } }, new MemoryOutput()) // prettier-ignore
    const lost = (file: string): number => (whole.get(file) ?? 0) - (byFile.get(file) ?? 0)
    expect(lost('github-webhooks.jsonl')).toBeGreaterThan(0)
    expect(lost('vault-audit.log')).toBe(0)
    const [gap] = sources.find(({ id }) => id === 'github')?.gaps ?? []
    expect(Date.parse(gap?.to ?? '') - Date.parse(gap?.from ?? '')).toBe(3_600_000)
  })

  it('keeps what the clocks show apart by the skew', () => {
    const times = (skewMs: number): number[] => {
      const out = new MemoryOutput()
      simulate({ ...SMALL, faults: { ...NO_FAULTS, skewMs } }, out)
      return out.of('keycloak-events.jsonl').map((line) => (JSON.parse(line) as { time: number }).time)
    }
    const [right, ahead] = [times(0), times(2_500)]
    expect(ahead).toEqual(right.map((time) => time + 2_500))
  })
})
