import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  FILES,
  FolderOutput,
  INCIDENTS_FILE,
  simulate,
  SIMULATION_DEFAULTS,
  TRUTH_FILE,
  type IncidentLine,
  type SimulationOptions,
  type Truth,
} from '@catena/simulation'
import type { DemoIncident, DemoOrganisation } from './organisation.js'

/** A year, small enough that the demo is up within a minute. */
const YEAR: SimulationOptions = {
  ...SIMULATION_DEFAULTS,
  seed: 20_26,
  people: 24,
  credentials: 60,
  days: 365,
  rate: 60,
  start: Date.UTC(2025, 10, 24),
}

/** Of the planted incidents those that a trace shows by itself. */
const SHOWN = ['leaver-still-using', 'use-after-revocation', 'shared-identity-access']

/** Makes the year in a folder. */
export function simulatedYear(folder: string): DemoOrganisation {
  const out = new FolderOutput(folder)
  const { records, incidents, byFile } = simulate(YEAR, out)
  out.close()
  return {
    words: `a year of an invented organisation: ${YEAR.people} people, ${records.toLocaleString('en-US')} records, ${incidents / 2} incidents`,
    folder,
    files: Object.entries(FILES).flatMap(([file, source]) => (byFile.has(file) ? [[source, file] as const] : [])),
    term: provenLease(folder),
    other: 'secret/prod/platform/stripe',
    incidents: shownIncidents(folder),
  }
}

/** The last database account that a job obtained by a login which maps run and attempt. */
function provenLease(folder: string): string {
  const lease = linesOf<Truth>(folder, TRUTH_FILE).findLast(
    ({ action, path, actor }) =>
      action === 'issue lease' && path.need === 'proven' && actor.need === 'proven' && path.through?.startsWith('ci-'),
  )
  if (lease === undefined) throw new Error('no job of the simulated year obtained a lease')
  return lease.request_id
}

function shownIncidents(folder: string): DemoIncident[] {
  const lines = linesOf<IncidentLine>(folder, INCIDENTS_FILE).filter(({ twinOf }) => twinOf === undefined)
  return SHOWN.flatMap((kind) => {
    const { title, cause = [] } = lines.find((line) => line.kind === kind) ?? {}
    const request = cause
      .findLast((fact) => fact.startsWith('vault:'))
      ?.split(':')
      .at(-1)
    return title === undefined || request === undefined ? [] : [{ title, term: request }]
  })
}

function linesOf<T>(folder: string, file: string): T[] {
  const lines = readFileSync(join(folder, file), 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as T)
}
