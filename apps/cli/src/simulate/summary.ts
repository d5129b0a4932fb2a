import type { Simulated } from '@catena/simulation'
import { bytes, count, counted } from '../terminal/numbers.js'

export interface Written {
  readonly folder: string
  readonly tookMs: number
}

export function renderSimulated(simulated: Simulated, { folder, tookMs }: Written): string {
  const { records, incidents, leftOut, truths, byFile } = simulated
  const rate = Math.round((records * 1000) / Math.max(1, tookMs))
  const lines = [
    `${counted(records, 'record')} (${bytes(simulated.bytes)}) in ${(tookMs / 1000).toFixed(1)} s, ${count(rate)} a second`,
    ...[...byFile].map(([file, lines]) => `  ${file.padEnd(28)} ${count(lines).padStart(12)}`),
    `${counted(truths, 'request')} with their truth, ${counted(incidents / 2, 'incident')}, each with a legitimate twin`,
    ...(leftOut.length === 0 ? [] : [`Too few days for ${leftOut.join(', ')}`]),
    `Judge it: npm run truth -- --recordings ${folder}`,
  ]
  return `${lines.join('\n')}\n`
}
