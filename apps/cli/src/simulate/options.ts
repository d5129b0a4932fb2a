import {
  INCIDENTS,
  NO_FAULTS,
  SIMULATION_DEFAULTS,
  SOURCES,
  type Faults,
  type SimulationOptions,
  type SourceId,
} from '@catena/simulation'
import { CommandFailure } from '../exit-codes.js'

/** As commander gives them: texts, and true where a switch is on. */
export interface SimulateFlags {
  readonly out: string
  readonly seed?: string
  readonly people?: string
  readonly credentials?: string
  readonly days?: string
  readonly rate?: string
  readonly start?: string
  readonly incidents?: string
  readonly wellKept?: boolean
  readonly shuffle?: boolean
  readonly duplicate?: boolean
  readonly delay?: boolean
  readonly dropSource?: string
  readonly skew?: string
  readonly renameRepository?: boolean
  readonly recycleLogin?: boolean
}

/** Throws CommandFailure that names the option and what it takes. */
export function readOptions(flags: SimulateFlags): SimulationOptions {
  const whole = (name: 'seed' | 'people' | 'credentials' | 'days' | 'rate', least: number): number =>
    wholeNumber(`--${name}`, flags[name], SIMULATION_DEFAULTS[name], least)
  return {
    seed: whole('seed', 0),
    people: whole('people', 4),
    credentials: whole('credentials', 10),
    days: whole('days', 2),
    rate: whole('rate', 50),
    start: dayOf(flags.start),
    incidents: incidentsOf(flags.incidents),
    wellKept: flags.wellKept === true,
    faults: faultsOf(flags),
  }
}

function faultsOf(flags: SimulateFlags): Faults {
  return {
    shuffle: flags.shuffle === true,
    duplicate: flags.duplicate === true,
    delay: flags.delay === true,
    dropSource: sourceOf(flags.dropSource),
    skewMs: wholeNumber('--skew', flags.skew, NO_FAULTS.skewMs, -Infinity),
    renameRepository: flags.renameRepository === true,
    recycleLogin: flags.recycleLogin === true,
  }
}

function wholeNumber(name: string, text: string | undefined, otherwise: number, least: number): number {
  if (text === undefined) return otherwise
  const value = Number(text)
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least) return value
  throw new CommandFailure(`${name} takes a whole number${least === -Infinity ? '' : ` from ${least}`}`)
}

function dayOf(text: string | undefined): number {
  if (text === undefined) return SIMULATION_DEFAULTS.start
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN
  if (Number.isNaN(at)) throw new CommandFailure('--start takes a date such as 2026-01-05')
  return at
}

function sourceOf(text: string | undefined): SourceId | undefined {
  if (text === undefined) return undefined
  const source = SOURCES.find((id) => id === text)
  if (source === undefined) throw new CommandFailure(`--drop-source takes one of ${SOURCES.join(', ')}`)
  return source
}

function incidentsOf(text = 'all'): SimulationOptions['incidents'] {
  if (text === 'all') return 'all'
  const kinds = text === 'none' ? [] : text.split(',').map((kind) => kind.trim())
  const unknown = kinds.find((kind) => !INCIDENTS.some((incident) => incident.kind === kind))
  if (unknown !== undefined)
    throw new CommandFailure(`--incidents takes all, none, or some of ${INCIDENTS.map(({ kind }) => kind).join(', ')}`)
  return kinds
}
