import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { FILES, FolderOutput, simulate, SIMULATION_DEFAULTS } from '@catena/simulation'
import { RecordMultiplier } from '../multiply.js'

/** Whose records are shipped: the recorded Vault's, of which two make an event of the feed, or those of all sources of a simulated organisation. */
export type Origin = 'vault' | 'organisation'

/** Records to be shipped, none of them like another. */
export interface Load {
  /** The next so many, a line each, by the source that they are of. */
  take(records: number): ReadonlyMap<string, string>
}

/** Every line of a simulated organisation as it was made: its file, a tab, the record. */
const IN_ORDER = 'in-order.log'
/** Records a simulated day. */
const RATE = 20_000

/** Lets an organisation of two hundred people work until it has written so many records, into a folder that a recording can be opened from. */
export function writeOrganisation(folder: string, records: number): void {
  const files = new FolderOutput(folder)
  const write = (file: string, line: string): void => {
    files.write(file, line)
    if (file in FILES) files.write(IN_ORDER, `${file}\t${line}`)
  }
  const days = Math.ceil(records / RATE) * 2
  simulate({ ...SIMULATION_DEFAULTS, people: 200, credentials: 1_000, rate: RATE, days, incidents: [] }, { write })
  files.close()
}

/** Of the organisation in that folder, or of the recorded Vault, multiplied. */
export async function openLoad(folder: string): Promise<Load> {
  if (folder !== '') return openOrganisation(folder)
  const multiplier = await RecordMultiplier.open()
  return { take: (records) => new Map([['vault', multiplier.take(records)]]) }
}

async function openOrganisation(folder: string): Promise<Load> {
  const lines: (readonly [source: string, line: string])[] = []
  for await (const text of createInterface({ input: createReadStream(join(folder, IN_ORDER)) })) {
    const tab = text.indexOf('\t')
    lines.push([FILES[text.slice(0, tab) as keyof typeof FILES], text.slice(tab + 1)])
  }
  let taken = 0
  return {
    take: (records) => {
      if (taken + records > lines.length)
        throw new Error(`the organisation wrote ${lines.length} records, and all are shipped`)
      const bodies = new Map<string, string>()
      for (const [source, line] of lines.slice(taken, (taken += records)))
        bodies.set(source, `${bodies.get(source) ?? ''}${line}\n`)
      return bodies
    },
  }
}
