import { FolderOutput, NO_FAULTS, simulate, SIMULATION_DEFAULTS } from '@catena/simulation'

/** Writes two weeks of an organisation in which a repository is renamed and a login name changes hands, with every kind of incident. */
export function writeChangingNames(folder: string): void {
  const out = new FolderOutput(folder)
  const faults = { ...NO_FAULTS, renameRepository: true, recycleLogin: true }
  simulate({ ...SIMULATION_DEFAULTS, people: 30, credentials: 60, days: 14, rate: 250, faults, seed: 5 }, out)
  out.close()
}
