import { SIMULATION_DEFAULTS, type SimulationOptions } from '@catena/simulation'

/** A small organisation that keeps its rules, for a year: whatever a control says against it is planted, or false. */
export const YEAR: SimulationOptions = {
  ...SIMULATION_DEFAULTS,
  people: 8,
  credentials: 16,
  days: 365,
  rate: 14,
  wellKept: true,
}

/** Long enough for every period that controls count in, and no longer. */
export const CLEAN_YEAR: SimulationOptions = { ...YEAR, days: 240 }
