import { CONTROLS, evaluate, type Control } from '@catena/governance'
import { INCIDENTS_FILE, type IncidentLine, type SimulationOptions } from '@catena/simulation'
import { casesOf, type Said } from './case.js'
import { credentialId, linesOf, stageOrganisation, type Stage } from './stage.js'
import { Tally } from './tally.js'

/** Parts of the time of a clean organisation after which its credentials are looked at. */
const LOOKS = [0.6, 0.8, 1]
const DAY_MS = 86_400_000

export interface Judged {
  readonly records: number
  /** Of what was planted; twins apart. */
  readonly incidents: number
}

/** Lets controls judge an organisation in which things go wrong, and counts what they find. */
export async function judgeIncidents(options: SimulationOptions, tally: Tally, controls = CONTROLS): Promise<Judged> {
  const stage = await stageOrganisation(options)
  try {
    return await judgePlanted(stage, { tally, controls, seed: options.seed })
  } finally {
    await stage.close()
  }
}

interface Judging {
  readonly tally: Tally
  readonly controls: readonly Control[]
  readonly seed: number
}

/** The same of an organisation that stands, and stays. */
export async function judgePlanted(stage: Stage, judging: Judging): Promise<Judged> {
  const lines = await plantedIn(stage)
  for (const line of lines) await judgeLine(stage, line, judging)
  return { records: stage.records, incidents: lines.filter(({ twinOf }) => twinOf === undefined).length }
}

async function plantedIn({ folder }: Stage): Promise<IncidentLine[]> {
  return (await linesOf(folder, INCIDENTS_FILE)).map((line) => JSON.parse(line) as IncidentLine)
}

async function judgeLine(stage: Stage, line: IncidentLine, { tally, controls, seed }: Judging): Promise<void> {
  if (line.credential === undefined) throw new Error(`${line.incident} names no credential`)
  const id = credentialId(line.credential)
  const causes = await stage.positionsOf(line.cause)
  for (const one of casesOf(line, causes)) {
    const control = controls.find((each) => each.id === one.control)
    if (control === undefined) throw new Error(`${line.incident} breaks ${one.control}, and there is no such control`)
    const answers: Said[] = []
    for (const at of one.moments) answers.push((await ask(stage, id, at, [control])).get(control.id))
    tally.add(seed, one, answers)
  }
}

/** Lets controls judge an organisation in which nothing is wrong, at several moments, and counts their alarms. */
export async function judgeClean(options: SimulationOptions, tally: Tally, controls = CONTROLS): Promise<Judged> {
  const stage = await stageOrganisation({ ...options, incidents: [] })
  try {
    const moments = LOOKS.map((part) => options.start + part * options.days * DAY_MS)
    for (const { id, name } of await stage.credentials()) {
      const answers: Map<string, Said>[] = []
      for (const at of moments) answers.push(await ask(stage, id, at, controls))
      for (const control of controls) tally.addClean(options.seed, control.id, name, answers.map((each) => each.get(control.id))) // prettier-ignore
    }
    return { records: stage.records, incidents: 0 }
  } finally {
    await stage.close()
  }
}

async function ask(stage: Stage, id: string, at: number, controls: readonly Control[]): Promise<Map<string, Said>> {
  const history = await stage.history(id, at)
  const results = history === undefined ? [] : evaluate(history, controls).results
  return new Map(results.map((result) => [result.control, result]))
}
