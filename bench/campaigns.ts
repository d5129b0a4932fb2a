import type { Key } from '@catena/domain'
import { isRefusal } from '@catena/domain'
import { DecisionViewRunner } from '@catena/projections'
import {
  campaignItems,
  campaignView,
  decideItems,
  defineCampaign,
  DEFINITION_DEFAULTS,
  itemView,
  launchCampaign,
  loadCampaign,
  reviewWork,
  scheduleCampaign,
  type AccessRow,
  type RecertificationDesk,
} from '@catena/recertification'
import { round } from './ledger/figures.js'
import { openStage } from './stage.js'

const REVIEWERS = 1_000
const PAGES = 200
const PAGE_ITEMS = 50
const BULK_MAX = 10_000

export interface CampaignFigures {
  readonly items: number
  /** Selected, assigned, recommended, hashed and written, with the events: seconds. */
  readonly frozenSeconds: number
  readonly heapMb: number
  /** A reviewer's page of 50 items with evidence, ms. */
  readonly pageMsP95: number
  readonly bulkItems: number
  readonly bulkSeconds: number
}

/** Campaigns over invented accesses: what the walk or a summary costs is not in these figures. */
export async function benchCampaigns(items: number): Promise<CampaignFigures> {
  const stage = await openStage({ project: false })
  const { instance, reader } = stage
  const { databaseUrl, ledger } = instance
  const views = new DecisionViewRunner({
    views: [campaignView, itemView],
    log: ledger,
    databaseUrl,
    onError: (error) => console.error(error),
  })
  views.start()
  try {
    const desk = invented(ledger, reader.pool, items)
    const by = { actor: 'person:bench', at: Date.now() }
    const frozenSeconds = await seconds(() => launch(desk, by))
    const heapMb = round(process.memoryUsage().heapUsed / 1e6, 0)
    await views.caughtUp(await ledger.head())
    const pageMsP95 = await pages(desk)
    const first = await campaignItems(desk.pool, 'bench@run', Math.min(items, BULK_MAX))
    const mine = first.map(({ item }) => item).filter(({ reviewers }) => reviewers[0] === reviewer(0))
    const bulkItems = Math.min(mine.length, BULK_MAX)
    const asked = { items: mine.map(({ id }) => id), decision: { kind: 'revoke' as const }, reason: 'bench', request: 'b' }
    const self = { key: reviewer(0), name: 'r0', aliases: [], groups: [], leftAt: undefined }
    const bulkSeconds = await seconds(async () => {
      const answer = await decideItems(desk, asked, self, by)
      if (isRefusal(answer)) throw new Error(answer.message)
    })
    return { items, frozenSeconds, heapMb, pageMsP95, bulkItems, bulkSeconds }
  } finally {
    await views.stop()
    await stage.close()
  }
} // prettier-ignore

async function launch(desk: RecertificationDesk, by: { actor: string; at: number }): Promise<void> {
  const stages = [{ name: 'owner', fromDay: 0, toDay: 14, quorum: 1, reviewers: [{ kind: 'owner' as const }] }]
  const definition = { ...DEFINITION_DEFAULTS, name: 'bench', scope: 'all', stages, bulkMax: BULK_MAX }
  await defineCampaign(desk, 'bench', definition, by, true)
  const scheduled = await scheduleCampaign(desk, { definition: 'bench', cause: 'run', at: by.at }, by)
  if (!isRefusal(scheduled)) await launchCampaign(desk, scheduled.id, by)
  const { status } = await loadCampaign(desk, 'bench@run')
  if (status !== 'active') throw new Error(`the campaign is ${status}`)
}

async function pages(desk: RecertificationDesk): Promise<number> {
  const times: number[] = []
  for (let page = 0; page < PAGES; page++) {
    const keys = [reviewer(page % REVIEWERS)]
    times.push(1_000 * (await seconds(() => reviewWork(desk.pool, keys, PAGE_ITEMS))))
  }
  return round(times.sort((a, b) => a - b)[Math.floor(0.95 * PAGES)] ?? 0, 1)
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return round((performance.now() - began) / 1_000, 2)
}

function reviewer(number: number): Key {
  return `person:idp:reviewer-${number}` as Key
}

/** The first accesses are all of one owner, so that a bulk decision has enough of them. */
function ownerOf(number: number): Key {
  return reviewer(number <= BULK_MAX ? 0 : number % REVIEWERS)
}

function invented(streams: RecertificationDesk['streams'], pool: RecertificationDesk['pool'], items: number): RecertificationDesk {
  return {
    streams,
    pool,
    summary: {
      version: 'invented',
      newest: () => Promise.resolve(1),
      async *rows() {
        await Promise.resolve()
        for (let number = 1; number <= items; number++) yield rowOf(number)
      },
      rowsOf: () => Promise.resolve([]),
      completeness: () =>
        Promise.resolve([{ source: 'invented', lastPosition: 1, lastHeardAt: 1, isLate: false, gaps: [], stored: items, quarantined: 0 }]),
    },
    owners: { ownersOf: (ids) => Promise.resolve(new Map(ids.map((id) => [id, ownerOf(Number(id))]))) },
    directory: {
      identities: (keys) => Promise.resolve(new Map(keys.map((key) => [key, { key, name: key, aliases: [], groups: [], leftAt: undefined }]))),
      managerOf: () => Promise.resolve(undefined),
      sponsorOf: () => Promise.resolve(undefined),
      membersOf: () => Promise.resolve([]),
    },
  }
} // prettier-ignore

function rowOf(number: number): AccessRow {
  const person = `person:idp:user-${number % 5_000}` as Key
  return {
    credential: { id: String(number).padStart(32, '0'), system: 'vault/prod', container: 'secret/', path: `team/${number % 997}/key-${number}` },
    accessor: { kind: 'person', key: person, name: `user-${number % 5_000}`, aliases: [] },
    grant: undefined,
    firstUsedAt: 1,
    lastUsedAt: Date.now() - (number % 200) * 86_400_000,
    uses: number <= BULK_MAX ? 0 : 1 + (number % 50),
    refused: 0,
    chain: 'proven',
    weakest: 'every link is proven',
    initiators: [],
    approvers: [],
    version: 1,
    privileged: undefined,
    environment: undefined,
    verdict: 'unknown',
    failedControls: [],
    copies: undefined,
    ended: undefined,
    evidence: [number],
  }
} // prettier-ignore
