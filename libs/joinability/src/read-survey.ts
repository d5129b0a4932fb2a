import type { AsOf, Chain } from '@catena/access-chain'
import type { Activity, Instant } from '@catena/domain'
import type { AccessReader } from '@catena/projections'
import { loginOf, surveyOf, type Surveyed } from './survey.js'

/** Most retrievals that one check looks at, newest first; that there were more is said. */
export const RETRIEVALS_MAX = 20_000
const PAGE = 500
export const DAYS_DEFAULT = 30
const DAY_MS = 86_400_000

/** Most changes of roles that are read, newest first. */
const CHANGES_MAX = 20_000

export interface SurveyRequest {
  readonly asOf: AsOf
  /** How many days before the newest retrieval, or before the time asked about. */
  readonly days?: number
  readonly retrievalsMax?: number
}

/** A role of an auth mount, as the newest recorded change left it. */
export interface RecordedRole {
  readonly source: string
  /** e.g. `auth/oidc/role/staff`. */
  readonly path: string
  /** Claims that it maps; undefined: no record tells. */
  readonly claims: readonly string[] | undefined
  readonly changedAt: Instant
  readonly evidence: readonly number[]
}

export interface Survey {
  readonly from: Instant
  readonly to: Instant
  readonly days: number
  readonly retrievals: readonly Surveyed[]
  /** There were more retrievals in these days: only the newest were looked at. */
  readonly truncated: boolean
  readonly roles: readonly RecordedRole[]
}

/** Retrievals of the last days, newest first, page by page. */
async function* retrievalPages(
  reader: AccessReader,
  { asOf, days = DAYS_DEFAULT, retrievalsMax = RETRIEVALS_MAX }: SurveyRequest,
  to: Instant,
): AsyncGenerator<{ readonly facts: readonly Activity[]; readonly hasMore: boolean }> {
  const span = { from: to - days * DAY_MS, to }
  let after: readonly string[] | undefined
  for (let read = 0; read < retrievalsMax;) {
    const limit = Math.min(PAGE, retrievalsMax - read)
    const page = await reader.facts(asOf, span, { limit, ...(after === undefined ? {} : { after }) })
    yield { facts: page.items.map(({ item }) => item), hasMore: page.hasMore }
    after = page.items.at(-1)?.place
    read += page.items.length
    if (!page.hasMore || after === undefined) return
  }
}

/** Walks the retrievals of the last days, and reads how roles were configured. */
export async function readSurvey(reader: AccessReader, request: SurveyRequest): Promise<Survey> {
  const { asOf, days = DAYS_DEFAULT } = request
  const to = asOf.validAt ?? (await newestTime(reader, asOf))
  const retrievals: Surveyed[] = []
  let truncated = false
  for await (const { facts, hasMore } of retrievalPages(reader, request, to)) {
    retrievals.push(...(await surveyPage(reader, asOf, facts)))
    truncated = hasMore
  }
  return { from: to - days * DAY_MS, to, days, retrievals, truncated, roles: await readRoles(reader, asOf) }
}

/** The chains of the retrievals of the last days, newest first. */
export async function readChains(
  reader: AccessReader,
  request: SurveyRequest,
): Promise<{ readonly chains: readonly Chain[]; readonly truncated: boolean }> {
  const { asOf } = request
  const chains: Chain[] = []
  let truncated = false
  for await (const { facts, hasMore } of retrievalPages(
    reader,
    request,
    asOf.validAt ?? (await newestTime(reader, asOf)),
  )) {
    chains.push(...(await reader.chains(asOf, facts)))
    truncated = hasMore
  }
  return { chains, truncated }
}

async function newestTime(reader: AccessReader, asOf: AsOf): Promise<Instant> {
  const { items } = await reader.facts(asOf, {}, { limit: 1 })
  return items[0]?.item.occurredAt ?? 0
}

async function surveyPage(reader: AccessReader, asOf: AsOf, facts: readonly Activity[]): Promise<Surveyed[]> {
  const chains = await reader.chains(asOf, facts)
  const ids = chains.map(loginOf).filter((id) => id !== undefined)
  const logins = await reader.index(asOf).facts([...new Set(ids)])
  return chains.map((chain) => surveyOf(chain, logins.get(loginOf(chain) ?? '')))
}

async function readRoles(reader: AccessReader, asOf: AsOf): Promise<RecordedRole[]> {
  const filter = { kinds: ['configuration-changed' as const], retrievalsOnly: false }
  const changes: Activity[] = []
  let after: readonly string[] | undefined
  do {
    const page = await reader.facts(asOf, filter, { limit: PAGE, ...(after === undefined ? {} : { after }) })
    changes.push(...page.items.map(({ item }) => item))
    after = page.hasMore ? page.items.at(-1)?.place : undefined
  } while (after !== undefined && changes.length < CHANGES_MAX)
  return rolesIn(changes)
}

/** The roles that changes left behind; what was removed is left out. */
export function rolesIn(changes: readonly Activity[]): RecordedRole[] {
  const roles = new Map<string, RecordedRole | undefined>()
  const inOrder = [...changes].sort((a, b) => a.occurredAt - b.occurredAt || (a.factId < b.factId ? -1 : 1))
  for (const change of inOrder) {
    const { path, operation, mapsClaims } = change.attributes
    if (change.outcome !== 'succeeded' || typeof path !== 'string' || !/\/role\/[^/]+$/.test(path)) continue
    const id = `${change.source}\n${path}`
    const claims = Array.isArray(mapsClaims) ? (mapsClaims as string[]) : roles.get(id)?.claims
    const role = { source: change.source, path, claims, changedAt: change.occurredAt, evidence: change.positions }
    roles.set(id, operation === 'delete' ? undefined : role)
  }
  return [...roles.values()].filter((role) => role !== undefined)
}
