import type { LinkState } from '@catena/access-chain'
import type { SourceInstance } from '@catena/domain'
import type { JoinableHop } from './hop.js'
import type { Proposal } from './propose.js'
import type { JoinedTo, Provability } from './provability.js'
import type { RecordedRole, Survey } from './read-survey.js'
import type { LoginPlace, Surveyed, SurveyedLogin } from './survey.js'

export interface Assessed {
  readonly survey: Survey
  readonly sources: readonly SourceInstance[]
  /** Systems of which records arrived. */
  readonly heard: ReadonlySet<string>
  readonly proposals: readonly Proposal[]
}

/** A place of login with what came through it. */
export interface Seen {
  readonly place: LoginPlace
  readonly logins: readonly SurveyedLogin[]
  readonly retrievals: readonly Surveyed[]
  readonly role: RecordedRole | undefined
}

export function placeId({ source, mount, role, origin }: LoginPlace): string {
  // Of accounts and of what many hold, the mount counts.
  return [source, mount, origin === 'federated' || origin === 'undeclared' ? (role ?? '') : '', origin].join('\n')
}

/** Places that retrievals came through, and roles that are configured and were not used. */
export function placesIn({ survey, sources }: Assessed): Seen[] {
  const seen = new Map<string, Seen>()
  for (const retrieval of survey.retrievals) {
    const { login } = retrieval
    if (login === undefined) continue
    const id = placeId(login.place)
    const known = seen.get(id) ?? {
      place: login.place,
      logins: [],
      retrievals: [],
      role: roleOf(login.place, survey.roles),
    }
    const logins = known.logins.some(({ fact }) => fact === login.fact) ? known.logins : [...known.logins, login]
    seen.set(id, { ...known, logins, retrievals: [...known.retrievals, retrieval] })
  }
  const unused = survey.roles.filter(
    (role) => role.claims !== undefined && ![...seen.values()].some((one) => one.role === role),
  )
  return [...seen.values(), ...unused.flatMap((role) => unusedPlace(role, sources))]
}

export function sourceOf(
  { source }: Pick<LoginPlace, 'source'>,
  sources: readonly SourceInstance[],
): SourceInstance | undefined {
  return sources.find(({ id }) => id === source)
}

export function roleOf({ source, mount, role }: LoginPlace, roles: readonly RecordedRole[]): RecordedRole | undefined {
  return roles.find((one) => one.source === source && one.path === `${mount}role/${role ?? ''}`)
}

/** Only of a declared mount is it known that its roles accept tokens of an issuer. */
function unusedPlace(role: RecordedRole, sources: readonly SourceInstance[]): Seen[] {
  const mount = role.path.replace(/role\/[^/]+$/, '')
  const federation = sourceOf(role, sources)?.federations.find((one) => one.mount === mount)
  if (federation === undefined) return []
  const issuer = `${federation.issuer.kind}/${federation.issuer.scope}`
  const name = role.path.slice(role.path.lastIndexOf('/') + 1)
  const place: LoginPlace = { source: role.source, mount, role: name, method: 'unknown', origin: 'federated', issuer }
  return [{ place, logins: [], retrievals: [], role }]
}

/** The hop with what was seen of it. */
export function hopOf(
  { place, retrievals, logins, role }: Seen,
  joins: JoinedTo,
): Pick<JoinableHop, 'place' | 'joins' | 'retrievals' | 'evidence'> {
  const states = retrievals.map((one) => stateOf(one, joins))
  const count = (state: string): number => states.filter((one) => one === state).length
  const [newest] = [...logins].sort((a, b) => b.at - a.at)
  return {
    place,
    joins,
    retrievals: {
      proven: count('proven'),
      inferred: count('inferred'),
      ambiguous: count('ambiguous'),
      missing: count('missing'),
    },
    evidence: [...(role?.evidence ?? []), ...(newest?.evidence ?? [])].sort((a, b) => a - b),
  }
}

/** Weaker than what could be: less than proven where a proof is possible, else nothing known at all. A token that was handed on stays so. */
export function weakerThan(retrievals: readonly Surveyed[], provability: Provability, joins: JoinedTo): number {
  if (provability === 'impossible') return 0
  return retrievals.filter((retrieval) => {
    if (!isUpstream(joins) && retrieval.weak?.reason === 'bearer handed over') return false
    const state = stateOf(retrieval, joins)
    return provability === 'provable' ? state !== 'proven' : state === 'missing'
  }).length
}

function stateOf({ upstream, actor }: Surveyed, joins: JoinedTo): LinkState {
  return isUpstream(joins) ? (upstream ?? 'missing') : actor
}

/** What a login came from; everything else that it leads to is whoever acted. */
function isUpstream(joins: JoinedTo): boolean {
  return joins === 'session' || joins === 'run attempt'
}
