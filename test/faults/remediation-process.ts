import { isRefusal, type Key } from '@catena/domain'
import { handleCommand, PostgresLedger } from '@catena/ledger'
import { createPool, type RemediationSettings } from '@catena/platform'
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
import { carryOutOrders, course, courseStream, handsOf, listOrders } from '@catena/remediation'
import { viewsShown } from './views-shown.js'

/** A process of its own that takes a campaign of revokes to its seal, from wherever another one left it; or no further than to the orders. */
const { databaseUrl, vaultUrl, tokenFile, stopAt } = JSON.parse(process.argv[2] ?? '') as { databaseUrl: string; vaultUrl: string; tokenFile: string; stopAt?: string } // prettier-ignore
const [ITEMS, DAY_MS] = [3, 86_400_000]
const LAUNCH = Date.UTC(2026, 5, 1, 9)
const ID = 'revoking@run'
const boss = { key: 'person:idp:boss' as Key, name: 'boss', aliases: [], groups: [], leftAt: undefined }
const by = (at: number) => ({ actor: 'person:manager', at })

const ledger = new PostgresLedger({ databaseUrl, clock: { now: () => LAUNCH } })
const pool = createPool(databaseUrl, { applicationName: 'remediation', max: 6 })
/** A fake of the summary: of ends it tells what the Vault was asked for, as its audit log would. Everything else is real. */
const summary: RecertificationDesk['summary'] = {
  version: 'fake',
  newest: () => ledger.head(),
  async *rows() {
    for (let number = 1; number <= ITEMS; number++) yield await rowOf(number)
  },
  rowsOf: async (ids) => Promise.all(ids.map((id) => rowOf(Number(id)))),
  changedSince: () => Promise.resolve([]),
  knownBy: () => Promise.resolve(new Map()),
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
const settings: RemediationSettings = {
  systems: [{
    id: 'vault', kind: 'vault', url: new URL(vaultUrl), actsOn: 'vault/prod', tokenFile, namespace: undefined, allow: ['revoke-lease', 'delete-role'],
    gives: Array.from({ length: ITEMS }, (_, index) => ({ system: 'vault/prod', path: `db/key-${index + 1}`, role: `auth/jwt/role/key-${index + 1}` })),
  }],
  receivers: [],
} // prettier-ignore
const orders = {
  recertification: desk,
  streams: ledger,
  openAccess: { openOf: ({ credential }: { credential: string }) => Promise.resolve({ leases: [`db/creds/key-${Number(credential)}/one`], tokens: [] }) },
  settings,
  hands: handsOf(settings),
} // prettier-ignore

const endOf = (number: number) => ({ at: LAUNCH + 20 * DAY_MS, how: 'revoked', positions: [number] })

async function rowOf(number: number): Promise<AccessRow> {
  const key = `workload:ci:app-${number}` as Key
  const isEnded = (await fetch(`${vaultUrl}/ended/${number}`)).status === 200
  return {
    credential: { id: String(number).padStart(32, '0'), system: 'vault/prod', container: 'db/', path: `key-${number}` },
    accessor: { kind: 'workload', key, name: key, aliases: [] }, grant: undefined, firstUsedAt: 1, lastUsedAt: LAUNCH, uses: 3, refused: 0,
    chain: 'proven', weakest: 'every link is proven', initiators: [], approvers: [], version: 1, privileged: false, environment: undefined,
    verdict: 'controlled', failedControls: [], copies: undefined, evidence: [number],
    open: isEnded ? 0 : 3,
    ended: isEnded ? endOf(number) : undefined,
    lastEnd: isEnded ? { ...endOf(number), obtainedAt: LAUNCH } : undefined,
  }
} // prettier-ignore

const shown = (): Promise<void> => viewsShown(pool, ledger, ['campaigns', 'review-items', 'remediation'])

async function begin(): Promise<void> {
  const stages = [{ name: 'boss', fromDay: 0, toDay: 14, quorum: 1, reviewers: [{ kind: 'people' as const, people: [boss.key] }] }]
  const definition = { ...DEFINITION_DEFAULTS, name: 'revoking', scope: 'all', stages, remediation: 'automatic' as const, remindDaysBefore: [], escalation: [] }
  if ((await loadCampaign(desk, ID)).status !== 'draft') return
  await defineCampaign(desk, 'revoking', definition, by(LAUNCH), true)
  const scheduled = await scheduleCampaign(desk, { definition: 'revoking', cause: 'run', at: LAUNCH }, by(LAUNCH))
  if (isRefusal(scheduled)) throw new Error(scheduled.message)
} // prettier-ignore

/** One step, by where the campaign stands. What is ordered is ordered on day 15; its end is told of day 20, and the silence is over on day 30. */
async function step(): Promise<boolean> {
  await shown()
  const { status } = await loadCampaign(desk, ID)
  if (status === 'sealed' || status === stopAt) return false
  if (status === 'active') await revokeAll()
  if (status === 'closing') await commandCampaign(desk, ID, { type: 'SignOff', reason: 'done', undecided: 0 }, by(LAUNCH + 15 * DAY_MS)) // prettier-ignore
  if (status === 'remediating' || status === 'verifying') await carryOut()
  await shown()
  // Whoever left it while it was being populated is waited for some minutes.
  const isBegun = !['scheduled', 'populating', 'ready'].includes(status)
  const day = !isBegun ? 1 / 24 : status === 'verifying' || (await areAllApplied()) ? 30 : 15
  await tick(desk, LAUNCH + day * DAY_MS)
  return true
}

async function areAllApplied(): Promise<boolean> {
  return (await campaignItems(pool, ID, ITEMS)).every(({ state }) => state.status === 'applied')
}

async function revokeAll(): Promise<void> {
  const items = (await campaignItems(pool, ID, ITEMS)).map(({ item }) => item.id)
  const asked = { items, decision: { kind: 'revoke' as const }, reason: 'no longer needed', request: 'all' }
  const answer = await decideItems(desk, asked, boss, { actor: boss.key, at: LAUNCH + DAY_MS })
  if (isRefusal(answer)) throw new Error(answer.message)
  await shown()
}

/** Plans, has a person release what is held, and carries out. */
async function carryOut(): Promise<void> {
  const at = LAUNCH + 15 * DAY_MS + 3_600_000
  await carryOutOrders(orders, at, new AbortController().signal)
  await shown()
  const { entries } = await listOrders(pool, { status: 'held' }, { limit: 10, after: undefined })
  for (const { order, item, campaign } of entries)
    await handleCommand(ledger, course, { stream: courseStream(order), command: { do: 'Release', reason: 'looked at it', order, item, campaign }, by: by(at) }) // prettier-ignore
  await shown()
  await carryOutOrders(orders, at, new AbortController().signal)
}

process.stdout.write('begun\n')
await begin()
while (await step());
await pool.end()
await ledger.close()
