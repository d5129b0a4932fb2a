import { parseArgs } from 'node:util'
import { orExplain } from '@catena/runtime'
import { judgeOrganisations } from './organisations/report.js'
import { judgeRecording } from './recording.js'

const OPTIONS = {
  /** Another folder with a manifest and a truth. */
  recordings: { type: 'string' },
  /** Where to leave the answers. */
  answers: { type: 'string' },
  /** Simulated organisations only. */
  organisations: { type: 'boolean' },
  seeds: { type: 'string' },
} as const

/** `npm run truth`: the recording through a whole instance, then simulated organisations in memory. Fails where either falls short. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS })
  const recorded = values.organisations === true ? 0 : await judgeRecording(values.recordings, values.answers)
  const isOther = values.recordings !== undefined && values.organisations !== true
  const simulated = isOther ? 0 : await judgeOrganisations(seedsOf(values.seeds))
  process.exitCode = recorded || simulated
}

function seedsOf(text = '9'): number[] {
  const count = Number(text)
  if (!Number.isSafeInteger(count) || count < 1) throw new Error('--seeds takes a whole number from 1')
  return Array.from({ length: count }, (_, index) => index + 1)
}

await orExplain(main)
