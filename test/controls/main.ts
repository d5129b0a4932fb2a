import { parseArgs } from 'node:util'
import { orExplain } from '@catena/runtime'
import { judgeClean, judgeIncidents } from './judge.js'
import { Tally } from './tally.js'
import { CLEAN_YEAR, YEAR } from './year.js'

const OPTIONS = { seeds: { type: 'string' }, from: { type: 'string' } } as const
/** Organisations at work at once: while one waits for its database another thinks. */
const LANES = 2

/** `npm run controls:truth`: simulated years with planted incidents, and clean ones, through a whole pipeline each. Fails where a control falls short. */
async function main(): Promise<void> {
  const tally = new Tally()
  const { seeds: count, from } = parseArgs({ options: OPTIONS }).values
  const seeds = seedsOf(count, from)
  const lane = async (): Promise<void> => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) await judge(seed, tally)
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  for (const example of tally.examples) say(`  ${example.slice(0, 400)}`)
  say(tally.table())
  const faults = [...tally.faults].map(([fault, count]) => `${fault} ${count}`)
  say(`${tally.holds ? 'holds' : 'FALLS SHORT'}: ${[...faults, `false alarms of high severity ${tally.graveAlarms}`].join(', ')}`) // prettier-ignore
  process.exitCode = tally.holds ? 0 : 1
}

async function judge(seed: number, tally: Tally): Promise<void> {
  const from = performance.now()
  const planted = await judgeIncidents({ ...YEAR, seed }, tally)
  const clean = await judgeClean({ ...CLEAN_YEAR, seed }, tally)
  const tookS = ((performance.now() - from) / 1000).toFixed(1)
  say(`seed ${seed}: ${planted.records} records with ${planted.incidents} incidents, ${clean.records} clean ones, ${tookS} s`) // prettier-ignore
}

function seedsOf(seeds = '20', from = '1'): number[] {
  const [count, first] = [Number(seeds), Number(from)]
  if (![count, first].every((one) => Number.isSafeInteger(one) && one >= 1))
    throw new Error('--seeds and --from take whole numbers from 1')
  return Array.from({ length: count }, (_, index) => first + index)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

await orExplain(main)
