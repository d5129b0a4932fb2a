import { isRefusal, type Key } from '@catena/domain'
import { PostgresLedger } from '@catena/ledger'
import { createPool } from '@catena/platform'
import {
  campaignItems,
  commandCampaign,
  decideItems,
  defineCampaign,
  DEFINITION_DEFAULTS,
  loadCampaign,
  scheduleCampaign,
  tick,
  type AccessRow,
  type RecertificationDesk,
} from '@catena/recertification'
import { viewsShown } from './views-shown.js'

/** A process of its own that takes one campaign from its definition to its seal, from wherever another one left it. */
const { databaseUrl } = JSON.parse(process.argv[2] ?? '') as { databaseUrl: string }
const [ITEMS, DECIDED, HOUR_MS] = [400, 200, 3_600_000]
const LAUNCH = Date.UTC(2026, 5, 1, 9)
const ID = 'killed@run'
const boss = { key: 'person:idp:boss' as Key, name: 'boss', aliases: [], groups: [], leftAt: undefined }
const by = (at: number) => ({ actor: 'person:manager', at })

const ledger = new PostgresLedger({ databaseUrl, clock: { now: () => LAUNCH } })
const pool = createPool(databaseUrl, { applicationName: 'campaign', max: 6 })
/** A fake of the summary; everything else is real. */
const summary: RecertificationDesk['summary'] = {
  version: 'fake',
  newest: () => ledger.head(),
  async *rows() {
    await Promise.resolve()
    for (let number = 1; number <= ITEMS; number++) yield rowOf(number)
  },
  rowsOf: () => Promise.resolve([]),
  knownBy: () => Promise.resolve(new Map()),
  changedSince: () => Promise.resolve([]),
  completeness: () => Promise.resolve([{ source: 'vault', lastPosition: 1, lastHeardAt: 1, isLate: false, gaps: [], stored: 1, quarantined: 0 }]),
  pinned: async (work) => work(summary, await ledger.head()),
} // prettier-ignore
const directory: RecertificationDesk['directory'] = {
  identities: (keys) => Promise.resolve(new Map(keys.map((key) => [key, { ...boss, key }]))),
  managerOf: () => Promise.resolve(undefined),
  sponsorOf: () => Promise.resolve(undefined),
  membersOf: () => Promise.resolve([]),
}
const desk = { streams: ledger, pool, summary, directory, owners: { ownersOf: () => Promise.resolve(new Map()) } }

function rowOf(number: number): AccessRow {
  const key = `person:idp:user-${number}` as Key
  return {
    credential: { id: String(number).padStart(32, '0'), system: 'vault/prod', container: 'secret/', path: `key-${number}` },
    accessor: { kind: 'person', key, name: key, aliases: [] }, grant: undefined, firstUsedAt: 1, lastUsedAt: LAUNCH, uses: 3, refused: 0,
    chain: 'proven', weakest: 'every link is proven', initiators: [], approvers: [], version: 1, privileged: false, environment: undefined,
    verdict: 'controlled', failedControls: [], copies: undefined, open: 3, ended: undefined, lastEnd: undefined, evidence: [number],
  }
} // prettier-ignore

const shown = (): Promise<void> => viewsShown(pool, ledger, ['campaigns', 'review-items'])

async function begin(): Promise<void> {
  const stages = [{ name: 'boss', fromDay: 0, toDay: 14, quorum: 1, reviewers: [{ kind: 'people' as const, people: [boss.key] }] }]
  const definition = { ...DEFINITION_DEFAULTS, name: 'killed', scope: 'all', stages, bulkMax: ITEMS, remediation: 'report-only' as const, remindDaysBefore: [], escalation: [] }
  if ((await loadCampaign(desk, ID)).status !== 'draft') return
  await defineCampaign(desk, 'killed', definition, by(LAUNCH), true)
  const scheduled = await scheduleCampaign(desk, { definition: 'killed', cause: 'run', at: LAUNCH }, by(LAUNCH))
  if (isRefusal(scheduled)) throw new Error(scheduled.message)
} // prettier-ignore

/** One step, by where the campaign stands. */
async function step(): Promise<boolean> {
  await shown()
  const { status } = await loadCampaign(desk, ID)
  if (status === 'sealed') return false
  if (status === 'active') await decideInBulk()
  await shown()
  if (status === 'closing') await signOff()
  const isBegun = status !== 'scheduled' && status !== 'populating' && status !== 'ready'
  await tick(desk, LAUNCH + (isBegun ? 30 * 24 * HOUR_MS : HOUR_MS))
  return true
}

async function decideInBulk(): Promise<void> {
  const items = (await campaignItems(pool, ID, DECIDED)).map(({ item }) => item.id)
  const asked = { items, decision: { kind: 'certify' as const }, reason: 'needed', request: 'bulk' }
  const answer = await decideItems(desk, asked, boss, { actor: boss.key, at: LAUNCH + 2 * HOUR_MS })
  if (isRefusal(answer)) throw new Error(answer.message)
}

/** Once every item says how it ended. */
async function signOff(): Promise<void> {
  await tick(desk, LAUNCH + 30 * 24 * HOUR_MS)
  await shown()
  await commandCampaign(desk, ID, { type: 'SignOff', reason: 'half were never answered', undecided: ITEMS - DECIDED }, by(LAUNCH + 31 * 24 * HOUR_MS)) // prettier-ignore
}

process.stdout.write('begun\n')
await begin()
while (await step());
await pool.end()
await ledger.close()
