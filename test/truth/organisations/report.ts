import { NO_FAULTS, SIMULATION_DEFAULTS, SOURCES, type Faults, type SimulationOptions } from '@catena/simulation'
import { judgeOrganisation } from './answer.js'
import { ASPECTS, Tally, type JudgedAspect } from './judge.js'

/** Every fault at once; which source loses an hour, and which way the clocks are wrong, turns with the seed. */
function faultsOf(seed: number): Faults {
  if (seed === 1) return NO_FAULTS
  return {
    shuffle: true,
    duplicate: true,
    delay: true,
    dropSource: SOURCES[seed % SOURCES.length],
    skewMs: seed % 2 === 0 ? 1_800 : -2_500,
    renameRepository: true,
    recycleLogin: true,
  }
}

const MONTH: SimulationOptions = { ...SIMULATION_DEFAULTS, people: 40, credentials: 120, days: 22, rate: 500 }

/** Judges an organisation per seed, the first without faults; prints what was found per kind of hop. Returns the exit code. */
export async function judgeOrganisations(seeds: readonly number[]): Promise<number> {
  const all = new Tally()
  let fell = 0
  for (const seed of seeds) {
    const from = performance.now()
    const faults = faultsOf(seed)
    const { tally, simulated, unread } = await judgeOrganisation({ ...MONTH, seed, faults }, { all })
    if (!tally.holds || unread > 0) fell++
    const wrong = [...tally.wrong].map(([kind, count]) => `${kind} ${count}`).join(', ')
    say(`seed ${seed}: ${simulated.records} records, ${tally.requests} requests, ${lossOf(faults)}: ${tally.holds ? 'holds' : 'FALLS SHORT'}${wrong === '' ? '' : ` (${wrong})`}, ${seconds(from)} s`) // prettier-ignore
    for (const example of tally.examples) say(`  ${example.slice(0, 500)}`)
  }
  say(all.table())
  say(`${fell === 0 ? 'holds' : 'falls short'}: false proven ${all.countWrong('false proven')}; found: ${ASPECTS.map((aspect) => shareOf(all, aspect)).join('; ')}`) // prettier-ignore
  return fell === 0 ? 0 : 1
}

function lossOf({ dropSource, skewMs }: Faults): string {
  return dropSource === undefined ? 'no fault' : `all faults, ${dropSource} lost for an hour, clocks ${skewMs} ms apart`
}

function shareOf(tally: Tally, aspect: JudgedAspect): string {
  const states = (['proven', 'inferred', 'ambiguous'] as const).map((need) => {
    const { found, asked } = tally.share(aspect, need)
    return `${need} ${found}/${asked}`
  })
  return `${aspect} ${states.join(' ')}`
}

function seconds(from: number): string {
  return ((performance.now() - from) / 1000).toFixed(1)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
