import type { Frozen } from '../campaign/facts.js'
import { PopulationCount } from '../population/dry-run.js'
import { itemsOfCampaign } from '../population/of-campaign.js'
import { itemsOf } from '../population/select.js'
import { readPopulation } from '../population/store.js'
import type { RecertificationDesk } from './desk.js'
import { loadCampaign } from './campaigns.js'

/** One population made again. */
export interface Remade {
  readonly population: string
  readonly hash: string
  readonly isSame: boolean
  /** The rows are made by the same rules as when it was frozen. Where not, another hash says nothing about the records. */
  readonly isSameVersion: boolean
}

/** `isSame`: the population and every supplement came out as they were frozen. */
export interface PopulationChecked extends Omit<Remade, 'population'> {
  readonly supplements: readonly Remade[]
}

/** The same text, cut and time again: is the population still what was frozen? Of supplements, their own accesses are made again. */
export async function checkPopulation(desk: RecertificationDesk, id: string): Promise<PopulationChecked | undefined> {
  const state = await loadCampaign(desk, id)
  if (!('frozen' in state)) return undefined
  const { frozen, supplements } = state
  const main = await remade(desk, frozen, await itemsOfCampaign(desk, state, cutOf(frozen)))
  const others: Remade[] = []
  for (const supplement of supplements) others.push(await supplementAgain(desk, id, supplement))
  const all = [main, ...others]
  return { hash: main.hash, isSame: all.every(({ isSame }) => isSame), isSameVersion: all.every(({ isSameVersion }) => isSameVersion), supplements: others }
} // prettier-ignore

async function supplementAgain(desk: RecertificationDesk, id: string, frozen: Frozen): Promise<Remade> {
  const state = await loadCampaign(desk, id)
  if (state.status === 'draft') throw new Error(`${id} has a supplement and no definition`)
  const [ids, credentials] = [new Set<string>(), new Set<string>()]
  let first: number | undefined
  for await (const page of readPopulation(desk.pool, frozen.population)) {
    first ??= page[0]?.number
    for (const item of page) {
      ids.add(item.id)
      credentials.add(item.access.credential.id)
    }
  }
  const cut = cutOf(frozen)
  const rows = await desk.summary.rowsOf([...credentials], cut)
  const narrowed = { numberFrom: (first ?? 1) - 1, wanted: () => Promise.resolve(ids) }
  return remade(desk, frozen, itemsOf(desk, rows, state.definition, id, cut, narrowed))
}

async function remade({ summary }: Pick<RecertificationDesk, 'summary'>, frozen: Frozen, items: ReturnType<typeof itemsOf>): Promise<Remade> {
  const count = new PopulationCount()
  for await (const item of items) count.add(item)
  const { hash } = count.counts()
  return { population: frozen.population, hash, isSame: hash === frozen.hash, isSameVersion: frozen.summaryVersion === summary.version }
} // prettier-ignore

function cutOf({ position, at }: Frozen): { position: number; validAt: number; at: number } {
  return { position, validAt: at, at }
}
