import { CLAIMS, makeKey, type Claim, type Key, type Namespace, type SourceInstance, type Verb } from '@catena/domain'
import type { SurveyedLogin } from './survey.js'
import { federationYaml } from './words.js'

/** How often the values of a field are found at an issuer. */
export interface Match {
  readonly claim: Claim
  readonly field: string
  /** Logins whose value the issuer recorded, of those that carry the field. */
  readonly matched: number
  readonly of: number
}

/** A federation that the records suggest. It joins nothing until an operator declares it. */
export interface Proposal {
  readonly source: string
  readonly mount: string
  /** `<kind>/<scope>`. */
  readonly issuer: string
  readonly claims: readonly Match[]
  /** To paste under `federations:` of the source in catena.yaml. */
  readonly yaml: string
  /** In a sentence, with its figures. */
  readonly words: string
}

/** Newest logins of one mount that are compared. */
export const COMPARED_MAX = 500
/** Fewer values of a field than these, or a smaller part of them found, suggest nothing. */
const VALUES_MIN = 2
const PART_MIN = 0.5

interface Candidate {
  readonly claim: Claim
  readonly namespace: Namespace
  readonly lower?: boolean
}

const OF_PEOPLE: readonly Candidate[] = [
  { claim: 'sid', namespace: 'idp-session' },
  { claim: 'sub', namespace: 'person' },
  { claim: 'email', namespace: 'person-email', lower: true },
  { claim: 'preferred_username', namespace: 'person-name', lower: true },
]
const OF_RUNS: readonly Candidate[] = [
  { claim: 'run_id', namespace: 'ci-run' },
  { claim: 'repository_id', namespace: 'repository' },
  { claim: 'repository', namespace: 'repository-name', lower: true },
]
const OF_JOBS: readonly Candidate[] = [
  { claim: 'job_id', namespace: 'ci-job' },
  { claim: 'pipeline_id', namespace: 'ci-run' },
  { claim: 'project_id', namespace: 'repository' },
  { claim: 'project_path', namespace: 'repository-name', lower: true },
]
const ISSUERS: Readonly<Partial<Record<SourceInstance['kind'], readonly Candidate[]>>> = {
  keycloak: OF_PEOPLE,
  okta: OF_PEOPLE,
  github: OF_RUNS,
  gitlab: OF_JOBS,
}

/** By which an issuer tells of what it knows itself. */
export const ISSUER_VERBS: readonly Verb[] = ['establishes', 'binds', 'describes']

/** Which of these keys any record of their issuer carries. */
export type KnownKeys = (keys: readonly Key[]) => Promise<ReadonlySet<Key>>

/** Compares what stands in the records of undeclared logins with what every issuer recorded. */
export async function propose(
  logins: readonly SurveyedLogin[],
  sources: readonly SourceInstance[],
  known: KnownKeys,
): Promise<Proposal[]> {
  const mounts = new Map<string, SurveyedLogin[]>()
  for (const login of distinct(logins)) {
    if (login.place.origin !== 'undeclared') continue
    const id = `${login.place.source}\n${login.place.mount}`
    mounts.set(id, [...(mounts.get(id) ?? []), login])
  }
  const proposals: Proposal[] = []
  for (const of of mounts.values())
    for (const issuer of sources) proposals.push(...(await proposeIssuer(of.slice(-COMPARED_MAX), issuer, known)))
  return proposals.sort((a, b) => strengthOf(b) - strengthOf(a))
}

async function proposeIssuer(
  logins: readonly SurveyedLogin[],
  issuer: SourceInstance,
  known: KnownKeys,
): Promise<Proposal[]> {
  const [first] = logins
  const candidates = ISSUERS[issuer.kind]
  if (first === undefined || candidates === undefined || first.place.source === issuer.id) return []
  const matches: Match[] = []
  for (const field of new Set(logins.flatMap(({ fields }) => Object.keys(fields)))) {
    const best = await bestMatch(logins, field, candidates, issuer, known)
    if (best !== undefined && !matches.some(({ claim }) => claim === best.claim)) matches.push(best)
  }
  const attempts = await attemptMatch(logins, matches, issuer, known)
  const claims = [...matches, ...attempts].sort((a, b) => CLAIMS.indexOf(a.claim) - CLAIMS.indexOf(b.claim))
  return claims.length === 0 ? [] : [proposal(first, `${issuer.kind}/${issuer.scope}`, claims)]
}

async function bestMatch(
  logins: readonly SurveyedLogin[],
  field: string,
  candidates: readonly Candidate[],
  issuer: SourceInstance,
  known: KnownKeys,
): Promise<Match | undefined> {
  const values = logins.map(({ fields }) => fields[field]).filter((value) => value !== undefined)
  let best: Match | undefined
  for (const { claim, namespace, lower } of candidates) {
    const keys = values.map((value) =>
      makeKey(namespace, `${issuer.kind}/${issuer.scope}`, lower === true ? value.toLowerCase() : value),
    )
    const match = await matchOf(claim, field, keys, known)
    if (match !== undefined && (best === undefined || match.matched > best.matched)) best = match
  }
  return best
}

async function matchOf(
  claim: Claim,
  field: string,
  keys: readonly Key[],
  known: KnownKeys,
): Promise<Match | undefined> {
  const values = [...new Set(keys)]
  if (values.length < VALUES_MIN) return undefined
  const found = await known(values)
  const matched = keys.filter((key) => found.has(key)).length
  const isTelling = found.size >= VALUES_MIN && matched / keys.length >= PART_MIN
  return isTelling ? { claim, field, matched, of: keys.length } : undefined
}

/** The number of an attempt means nothing without its run. */
async function attemptMatch(
  logins: readonly SurveyedLogin[],
  matches: readonly Match[],
  issuer: SourceInstance,
  known: KnownKeys,
): Promise<Match[]> {
  const run = matches.find(({ claim }) => claim === 'run_id')
  if (run === undefined) return []
  const others = new Set(logins.flatMap(({ fields }) => Object.keys(fields)))
  for (const field of others) {
    if (matches.some((match) => match.field === field)) continue
    const keys = logins.flatMap(({ fields }) => {
      const [number, attempt] = [fields[run.field], fields[field]]
      if (number === undefined || attempt === undefined || !/^\d{1,4}$/.test(attempt)) return []
      return [makeKey('ci-attempt', `${issuer.kind}/${issuer.scope}`, `${number}/${attempt}`)]
    })
    const match = await matchOf('run_attempt', field, keys, known)
    if (match !== undefined) return [match]
  }
  return []
}

function proposal({ place }: SurveyedLogin, issuer: string, claims: readonly Match[]): Proposal {
  const figures = claims.map(
    ({ claim, field, matched, of }) => `${field} matches ${claim} in ${matched} of ${of} logins`,
  )
  return {
    source: place.source,
    mount: place.mount,
    issuer,
    claims,
    yaml: federationYaml(place.mount, issuer, Object.fromEntries(claims.map(({ claim, field }) => [claim, field]))),
    words: `${place.mount} of ${place.source} and ${issuer}: ${figures.join(', ')}`,
  }
}

function strengthOf({ claims }: Proposal): number {
  return claims.reduce((most, { matched }) => Math.max(most, matched), 0)
}

function distinct(logins: readonly SurveyedLogin[]): SurveyedLogin[] {
  return [...new Map(logins.map((login) => [login.fact, login])).values()].sort(
    (a, b) => a.at - b.at || (a.fact < b.fact ? -1 : 1),
  )
}
