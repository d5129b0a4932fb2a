import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { SIMULATION_DEFAULTS } from '../options.js'
import { MemoryOutput } from '../output/memory.js'
import { simulate } from '../simulate.js'
import { INCIDENTS } from './catalogue.js'
import type { IncidentLine } from './scene.js'

const FOLDER = join(process.cwd(), 'libs', 'simulation', 'src', 'incidents')
const NO_INCIDENT = [
  'agents-workflow',
  'catalogue',
  'deployment',
  'described',
  'incident',
  'plant',
  'read-once',
  'scene',
]
/** What makes these is that something did not happen. */
const BY_OMISSION = ['silent-source', 'visible-not-governed', 'long-lived-unguarded']

describe('the catalogue of incidents', () => {
  const out = new MemoryOutput()
  let lines: readonly IncidentLine[]

  beforeAll(() => {
    simulate({ ...SIMULATION_DEFAULTS, days: 130, rate: 100, people: 8, credentials: 20 }, out)
    lines = out.of('incidents.jsonl').map((line) => JSON.parse(line) as IncidentLine)
  })

  it('has one file for each kind, named as the kind is', () => {
    const files = readdirSync(FOLDER).flatMap((file) => /^([a-z-]+)\.ts$/.exec(file)?.[1] ?? [])
    expect(files.filter((file) => !NO_INCIDENT.includes(file)).sort()).toEqual(INCIDENTS.map(({ kind }) => kind).sort())
  })

  it('plants each once and its twin once, on credentials of their own', () => {
    const names = INCIDENTS.flatMap(({ kind }) => [`${kind}/1`, `${kind}/1-twin`])
    expect(lines.map(({ incident }) => incident).sort()).toEqual(names.sort())
    for (const { incident, twinOf } of lines) expect(twinOf).toBe(/^(.*)-twin$/.exec(incident)?.[1])
    const credentials = lines.flatMap(({ credential }) =>
      credential === undefined ? [] : [JSON.stringify(credential)],
    )
    expect(new Set(credentials).size).toBe(credentials.length)
  })

  it.each(INCIDENTS.map(({ kind }) => kind))('names what made it true, and who was part of it: %s', (kind) => {
    for (const { cause, principals, title } of lines.filter((line) => line.kind === kind)) {
      if (!BY_OMISSION.includes(kind)) expect([cause.length > 0, principals.length > 0]).toEqual([true, true])
      expect(new Set(cause).size).toBe(cause.length)
      expect(title).not.toBe('')
    }
  })

  it('says what there was no time for', () => {
    const { leftOut } = simulate({ ...SIMULATION_DEFAULTS, days: 20, rate: 50, people: 8 }, new MemoryOutput())
    expect(leftOut).toEqual(INCIDENTS.filter(({ days }) => days + 2 > 20).map(({ kind }) => kind))
  })
})
