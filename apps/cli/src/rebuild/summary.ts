import type { Rebuilt } from '@catena/projections'
import { count, counted } from '../terminal/numbers.js'

export function renderRebuilt(projection: string, rebuilt: Rebuilt): string {
  const { position, elapsedMs, state, hashedAt } = rebuilt
  const rate = Math.round((position * 1000) / Math.max(1, elapsedMs))
  const rows = state.tables.map((each) => `${count(each.rows)} ${each.table.replace(/^access_/, '')}`).join(', ')
  return [
    `${projection} rebuilt: ${counted(position, 'event')} in ${(elapsedMs / 1000).toFixed(1)} s (${count(rate)}/s); it answers from now on`,
    `  rows   ${rows}`,
    `  state  ${state.hash} at #${hashedAt}`,
    `         ${comparison(rebuilt)}`,
    '',
  ].join('\n')
}

function comparison({ compared }: Rebuilt): string {
  if (compared === undefined) return 'nothing of the same version was there to compare with'
  return compared.equal
    ? 'equal to the old tables at that position'
    : `DIFFERS from the old tables at that position (${compared.serving.hash}): switched because of --accept-difference`
}

export function rebuiltJson(projection: string, { position, elapsedMs, state, hashedAt, compared }: Rebuilt): string {
  const serving = compared === undefined ? null : { equal: compared.equal, hash: compared.serving.hash }
  return `${JSON.stringify({ projection, position, elapsedMs: Math.round(elapsedMs), state: { ...state, at: hashedAt }, compared: serving })}\n`
}
