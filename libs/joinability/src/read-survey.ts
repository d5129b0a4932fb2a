import type { AsOf } from '@catena/access-chain'
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

/** Walks the retrievals of the last days, and reads how roles were configured. */
export async function readSurvey(reader: AccessReader, request: SurveyRequest): Promise<Survey> {
  const { asOf, days = DAYS_DEFAULT, retrievalsMax = RETRIEVALS_MAX } = request
  const to = asOf.validAt ?? (await newestTime(reader, asOf))
  const from = to - days * DAY_MS
  const retrievals: Surveyed[] = []
  let after: readonly string[] | undefined
  for (;;) {
    const limit = Math.min(PAGE, retrievalsMax - retrievals.length)
    const page = await reader.facts(asOf, { from, to }, { limit, ...(after === undefined ? {} : { after }) })
    retrievals.push(...(await surveyPage(reader, asOf, page.items.map(({ item }) => item)))) // prettier-ignore
    after = page.items.at(-1)?.place
    if (!page.hasMore || after === undefined || retrievals.length >= retrievalsMax)
      return { from, to, days, retrievals, truncated: page.hasMore, roles: await readRoles(reader, asOf) }
  }
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
