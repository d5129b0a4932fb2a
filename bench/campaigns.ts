import { isRefusal, type Decided, type Key } from '@catena/domain'
import { SUMMARY_CHECKPOINT, SUMMARY_VERSION } from '@catena/governance'
import { DecisionViewRunner } from '@catena/projections'
import {
  campaignItems,
  campaignView,
  decideItems,
  figuresOver,
  itemView,
  loadCampaign,
  type RecertificationDesk,
} from '@catena/recertification'
import { recertificationDesk } from '@catena/runtime'
import { round } from './ledger/figures.js'
import { INVENTED_DIRECTORY, launchOverAll, pageMsP95, reviewer, took } from './reviews.js'
import { openStage } from './stage.js'

const REVIEWERS = 1_000
/** Accessors of each credential. */
const ACCESSORS = 5
const BULK_MAX = 10_000

export interface CampaignFigures {
  readonly items: number
  /** Selected, assigned, recommended, hashed and written, with the events: seconds. */
  readonly frozenSeconds: number
  readonly heapMb: number
  readonly rssMb: number
  /** A reviewer's page of 50 items with evidence, while another campaign is being populated, ms. */
  readonly pageMsP95: number
  readonly bulkItems: number
  readonly bulkSeconds: number
  /** Of both campaigns, 10,000 items of which were decided: seconds. */
  readonly figuresSeconds: number
}

/** Campaigns over invented accesses, read from the materialised summaries; owners and people are answered from memory. */
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
    await fillSummaries(reader.pool, items)
    const desk = invented(recertificationDesk(instance, reader))
    const by = { actor: 'person:bench', at: Date.now() }
    const frozenSeconds = await seconds(() => launch(desk, by, 'run'))
    globalThis.gc?.()
    const heapMb = round(process.memoryUsage().heapUsed / 1e6, 0)
    const rssMb = round(process.memoryUsage().rss / 1e6, 0)
    await views.caughtUp(await ledger.head())
    const second = launch(desk, by, 'second')
    const pageMs = await pageMsP95(desk, REVIEWERS)
    await second
    const first = await campaignItems(desk.pool, 'bench@run', Math.min(items, BULK_MAX))
    const mine = first.map(({ item }) => item).filter(({ reviewers }) => reviewers[0] === reviewer(0))
    const bulkItems = Math.min(mine.length, BULK_MAX)
    const reasons = new Map(mine.map(({ id }) => [id, `bench ${id}`]))
    const asked = { items: [...reasons.keys()], decision: { kind: 'revoke' as const }, reason: '', reasons, request: 'b' }
    const self = { key: reviewer(0), name: 'r0', aliases: [], groups: [], leftAt: undefined }
    const bulkSeconds = await seconds(async () => {
      const answer = await decideItems(desk, asked, self, by)
      if (isRefusal(answer)) throw new Error(answer.message)
    })
    const figuresSeconds = await seconds(() => figuresOver(desk, { definition: 'bench', from: undefined, to: undefined }))
    return { items, frozenSeconds, heapMb, rssMb, pageMsP95: pageMs, bulkItems, bulkSeconds, figuresSeconds }
  } finally {
    await views.stop()
    await stage.close()
  }
} // prettier-ignore

async function launch(desk: RecertificationDesk, by: Decided, cause: string): Promise<void> {
  await launchOverAll(desk, { id: 'bench', cause, more: { bulkMax: BULK_MAX } }, by)
  const { status } = await loadCampaign(desk, `bench@${cause}`)
  if (status !== 'active') throw new Error(`the campaign is ${status}`)
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  return round((await took(work)) / 1_000, 2)
}

/** The first accesses are all of one owner, so that a bulk decision has enough of them. */
function ownerOf(credential: string): Key {
  const number = Number.parseInt(credential.slice(0, 8), 16)
  return reviewer(number <= BULK_MAX / ACCESSORS ? 0 : number % REVIEWERS)
}

function invented(desk: RecertificationDesk): RecertificationDesk {
  return {
    ...desk,
    owners: { ownersOf: (slots) => Promise.resolve(new Map(slots.map(({ id }) => [id, ownerOf(id)]))) },
    directory: INVENTED_DIRECTORY,
  }
} // prettier-ignore

/** As the access index and the summaries hold them: so many accessors of each credential. The first ones were refused and obtained nothing. */
async function fillSummaries(pool: RecertificationDesk['pool'], items: number): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('SET statement_timeout = 0')
    await client.query(
      `INSERT INTO projection (name, version, position) VALUES ('access-index', 'bench', 0) ON CONFLICT DO NOTHING`,
    )
    await client.query(
      `INSERT INTO governance.checkpoint (name, version, position, surroundings)
       SELECT $1, $2 || ' ' || version, position, '{}' FROM projection WHERE name = 'access-index'`,
      [SUMMARY_CHECKPOINT, String(SUMMARY_VERSION)],
    )
    await client.query(
      `INSERT INTO access_credential (credential, system, container, container_name, path, first_us, last_us, first_position)
       SELECT (lpad(to_hex(c), 8, '0') || repeat('0', 24))::uuid, 'vault/prod', 'secret/', 'secret/', 'team/' || c % 997 || '/key-' || c, 0, 0, 0
       FROM generate_series(1, $1::int) AS c`,
      [Math.ceil(items / ACCESSORS)],
    )
    await client.query(SUMMARIES, [items, ACCESSORS, BULK_MAX, Date.now()])
    await client.query('ANALYZE')
  } finally {
    await client.query('RESET statement_timeout')
    client.release()
  }
}

const SUMMARIES = `
  INSERT INTO governance.access_summary (credential, accessor, keys, tally, last_us, body)
  SELECT id::uuid, key, ARRAY[key], '{}', last * 1000, jsonb_build_object(
    'credential', id, 'accessor', jsonb_build_object('id', key, 'kind', 'person', 'name', 'user-' || number % 5000, 'keys', ARRAY[key]),
    'succeeded', CASE WHEN number <= $3 THEN 0 ELSE 1 + number % 50 END, 'denied', 0, 'other', 0, 'lastAttemptAt', last,
    'path', counts, 'actor', counts, 'sources', ARRAY['vault'], 'policies', ARRAY['payments'], 'approved', 0, 'ended', 0, 'open', 1,
    'environments', ARRAY[]::text[], 'initiators', ARRAY[]::text[], 'approvers', ARRAY[]::text[], 'weakest', 'path proven, actor proven',
    'caveats', ARRAY[]::text[], 'findings', ARRAY[]::text[], 'newest', jsonb_build_object('fact', 'f' || number, 'at', last, 'outcome', 'succeeded',
      'positions', ARRAY[number], 'version', 1, 'end', '{"state":"missing"}'::jsonb))
    || CASE WHEN number <= $3 THEN '{}' ELSE jsonb_build_object('firstAt', 1, 'lastAt', last,
      'worst', '{"path":"proven","actor":"proven"}'::jsonb, 'best', '{"path":"proven","actor":"proven"}'::jsonb) END
  FROM (SELECT number, lpad(to_hex(1 + (number - 1) / $2::int), 8, '0') || repeat('0', 24) AS id, 'person:idp:user-' || number % 5000 AS key,
      $4::float8 - (number % 200) * 86400000.0 AS last, '{"proven":1,"inferred":0,"ambiguous":0,"missing":0}'::jsonb AS counts
    FROM generate_series(1, $1::int) AS number) AS access`
