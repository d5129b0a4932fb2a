import type { Key } from '@catena/domain'
import { notify, Quiet, type NotificationDesk } from '@catena/notification'
import { DecisionViewRunner } from '@catena/projections'
import { campaignView, itemView, tick, type AccessRow, type RecertificationDesk } from '@catena/recertification'
import { round } from './ledger/figures.js'
import { INVENTED_DIRECTORY, launchOverAll, pageMsP95, reviewer, took } from './reviews.js'
import { openStage } from './stage.js'

const REVIEWERS = 200
const TURNS = 5
const DAY_MS = 86_400_000

export interface ActiveCampaignFigures {
  readonly campaigns: number
  readonly itemsEach: number
  readonly launchedSeconds: number
  /** A turn of the timer with nothing new, and one after a record changed one access of each campaign: median, ms. */
  readonly idleTurnMs: number
  readonly newsTurnMs: number
  /** A turn of the notifications, first and with nothing due, ms. */
  readonly firstNotifyMs: number
  readonly quietNotifyMs: number
  /** A reviewer's page of 50 items out of all campaigns, p95, ms. */
  readonly pageMsP95: number
}

/** Campaigns that are all active at once, over the same accesses. Accesses, owners and people are answered from memory; ledger and views are real. */
export async function benchActiveCampaigns(campaigns: number, itemsEach = 200): Promise<ActiveCampaignFigures> {
  const stage = await openStage({ project: false })
  const { databaseUrl, ledger } = stage.instance
  const views = new DecisionViewRunner({ views: [campaignView, itemView], log: ledger, databaseUrl, onError: (error) => console.error(error) })
  views.start()
  try {
    const settle = async (): Promise<void> => views.caughtUp(await ledger.head())
    const world = inventedWorld(itemsEach, () => ledger.head())
    const desk: RecertificationDesk = { streams: ledger, pool: stage.reader.pool, ...world }
    const at = Date.now()
    const launchedSeconds = round((await took(() => launchAll(desk, campaigns, at))) / 1_000, 1)
    await settle()
    const turn = async (): Promise<number> => {
      const ms = await took(() => tick(desk, at + DAY_MS))
      await settle()
      return ms
    }
    await turn()
    const idle = await several(turn)
    const news = await several(async () => {
      world.rotate()
      await ledger.appendDecisions(`news:${await ledger.head()}`, 0, [{ type: 'News', schemaVersion: 1, occurredAt: at, actor: 'bench', payload: Buffer.from('{}'), subjects: [] }])
      return turn()
    })
    const quiet = new Quiet()
    const notifications = notificationDesk(desk)
    const told = (): Promise<number> => took(() => notify(notifications, at + DAY_MS, new AbortController().signal, quiet))
    const firstNotifyMs = round(await told(), 0)
    await told()
    const quietNotifyMs = round(await told(), 1)
    return { campaigns, itemsEach, launchedSeconds, idleTurnMs: idle, newsTurnMs: news, firstNotifyMs, quietNotifyMs, pageMsP95: await pageMsP95(desk, REVIEWERS) }
  } finally {
    await views.stop()
    await stage.close()
  }
} // prettier-ignore

async function launchAll(desk: RecertificationDesk, campaigns: number, at: number): Promise<void> {
  const by = { actor: 'person:bench', at }
  for (let number = 0; number < campaigns; number++)
    await launchOverAll(desk, { id: `bench-${number}`, cause: 'run' }, by)
}

async function several(turn: () => Promise<number>): Promise<number> {
  const times: number[] = []
  for (let number = 0; number < TURNS; number++) times.push(await turn())
  return round(times.sort((a, b) => a - b)[Math.floor(TURNS / 2)] ?? 0, 0)
}

function inventedWorld(items: number, head: () => Promise<number>) {
  let rows = Array.from({ length: items }, (_, index) => rowOf(index))
  const owners = new Map(rows.map(({ credential }, index) => [credential.id, reviewer(index % REVIEWERS)]))
  const summary: RecertificationDesk['summary'] = {
    version: 'invented',
    newest: head,
    async *rows() {
      await Promise.resolve()
      yield* rows
    },
    rowsOf: (ids) => Promise.resolve(rows.filter(({ credential }) => ids.includes(credential.id))),
    knownBy: () => Promise.resolve(new Map()),
    changedSince: () => Promise.resolve(rows.slice(0, 1).map(({ credential }) => credential.id)),
    completeness: () => Promise.resolve([]),
    pinned: async (work) => work(summary, await head()),
  }
  return {
    summary,
    owners: { ownersOf: () => Promise.resolve(owners) },
    directory: INVENTED_DIRECTORY,
    /** The first credential gets a new version: each campaign looks at its item. */
    rotate: () => {
      const [first, ...others] = rows
      if (first !== undefined) rows = [{ ...first, version: (first.version ?? 0) + 1 }, ...others]
    },
  }
}

function rowOf(index: number): AccessRow {
  const key = `person:idp:user-${index}` as Key
  return {
    credential: { id: String(index + 1).padStart(32, '0'), system: 'vault/prod', container: 'secret/', path: `key-${index}` },
    accessor: { kind: 'person', key, name: key, aliases: [] }, grant: undefined, firstUsedAt: 1, lastUsedAt: 1, uses: 3, refused: 0, chain: 'proven',
    weakest: 'every link is proven', initiators: [], approvers: [], version: 1, privileged: undefined, environment: undefined, verdict: 'controlled',
    failedControls: [], copies: undefined, open: 0, ended: undefined, lastEnd: undefined, evidence: [1],
  } // prettier-ignore
}

function notificationDesk({ pool, streams }: RecertificationDesk): NotificationDesk {
  const channel = { id: 'bench', send: () => Promise.resolve() }
  return {
    pool,
    streams,
    channels: [channel],
    url: 'https://catena.test',
    recipients: () => Promise.resolve(new Map()),
  }
}
