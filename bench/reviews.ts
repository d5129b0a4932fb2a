import { isRefusal, type Decided, type Key } from '@catena/domain'
import {
  bare,
  defineCampaign,
  DEFINITION_DEFAULTS,
  launchCampaign,
  reviewWork,
  scheduleCampaign,
  type Definition,
  type RecertificationDesk,
} from '@catena/recertification'
import { round } from './ledger/figures.js'

const PAGES = 200
const PAGE_ITEMS = 50

export function reviewer(number: number): Key {
  return `person:idp:reviewer-${number}` as Key
}

/** Everybody is known by their key alone and works here. */
export const INVENTED_DIRECTORY: RecertificationDesk['directory'] = {
  identities: (keys) => Promise.resolve(new Map(keys.map((key) => [key, bare(key)]))),
  managerOf: () => Promise.resolve(undefined),
  sponsorOf: () => Promise.resolve(undefined),
  membersOf: () => Promise.resolve([]),
}

/** A campaign over all accesses that asks their owners. */
export async function launchOverAll(
  desk: RecertificationDesk,
  { id, cause, more = {} }: { readonly id: string; readonly cause: string; readonly more?: Partial<Definition> },
  by: Decided,
): Promise<void> {
  const stages = [{ name: 'owner', fromDay: 0, toDay: 14, quorum: 1, reviewers: [{ kind: 'owner' as const }] }]
  await defineCampaign(desk, id, { ...DEFINITION_DEFAULTS, name: id, scope: 'all', stages, launchIncomplete: true, ...more }, by, true) // prettier-ignore
  const scheduled = await scheduleCampaign(desk, { definition: id, cause, at: by.at }, by)
  if (isRefusal(scheduled)) throw new Error(scheduled.message)
  const launched = await launchCampaign(desk, scheduled.id, by)
  if (isRefusal(launched)) throw new Error(launched.message)
}

/** Of pages of 50 items, read by so many reviewers in turn: p95, ms. */
export async function pageMsP95({ pool }: Pick<RecertificationDesk, 'pool'>, reviewers: number): Promise<number> {
  const times: number[] = []
  for (let page = 0; page < PAGES; page++) {
    const keys = [reviewer(page % reviewers)]
    times.push(
      await took(async () => {
        if ((await reviewWork(pool, keys, PAGE_ITEMS)).length === 0) throw new Error('a page is empty')
      }),
    )
  }
  return round(times.sort((a, b) => a - b)[Math.floor(0.95 * PAGES)] ?? 0, 1)
}

/** Milliseconds. */
export async function took(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}
