import type { Chain, Link, LinkState, MissingReason } from '@catena/access-chain'
import type { Activity, Claim, Instant } from '@catena/domain'
import { issuerKind } from './provability.js'

/** What kind of login it was: on another system's word, on a word whose system nobody declared, with a lasting secret, or by what many hold. */
export type LoginOrigin = 'federated' | 'undeclared' | 'long-lived' | 'shared'

/** Where people and workloads log in: one role of one mount of one source. */
export interface LoginPlace {
  /** Id of the source instance. */
  readonly source: string
  /** Mount with a slash at the end, or what else the source calls the way in. */
  readonly mount: string
  readonly role: string | undefined
  readonly method: string
  readonly origin: LoginOrigin
  /** `<kind>/<scope>` of a declared issuer. */
  readonly issuer: string | undefined
}

export interface SurveyedLogin {
  readonly fact: string
  readonly at: Instant
  readonly place: LoginPlace
  /** Claims that its record carried where the federation says. */
  readonly claims: readonly Claim[]
  /** What else stands in its metadata in clear. */
  readonly fields: Readonly<Record<string, string>>
  readonly evidence: readonly number[]
}

/** The first link of a path that is missing, else the first that is ambiguous; or an actor that is missing behind a whole path. */
export interface WeakLink {
  readonly hop: Hop
  readonly state: 'missing' | 'ambiguous'
  readonly reason: MissingReason | 'several fit'
  readonly words: string
  readonly evidence: readonly number[]
}

export type Hop = 'request to login' | 'login to session or run' | 'identity to person'

/** What joinability needs to know of one retrieval. */
export interface Surveyed {
  readonly fact: string
  readonly source: string
  readonly at: Instant
  /** Slot that was asked for, as one text. */
  readonly credential: string
  readonly login: SurveyedLogin | undefined
  /** Of the link behind the login. */
  readonly upstream: LinkState | undefined
  readonly actor: LinkState
  readonly weak: WeakLink | undefined
  /** A lease was issued, and no end of it is on record. */
  readonly endUnseen: boolean
}

/** The login at the far end of the walk, by fact id. */
export function loginOf({ fact, path }: Chain): string | undefined {
  const federation = path.links.find(({ by }) => by === 'federation')
  if (federation !== undefined) return federation.from
  const made = path.links.findLast(({ by, to }) => by === 'login' && to.length === 1)
  return made?.to[0] ?? (fact.kind === 'login' ? fact.factId : undefined)
}

export function surveyOf(chain: Chain, login: Activity | undefined): Surveyed {
  const { fact, path, actor, end } = chain
  const weak = weakLinkOf(chain)
  return {
    fact: fact.factId,
    source: fact.source,
    at: fact.occurredAt,
    credential:
      fact.target === undefined ? '' : `${fact.target.system} ${fact.target.containerName ?? ''}${fact.target.path}`,
    login: login === undefined ? undefined : surveyedLogin(login),
    upstream: path.links.find(({ by }) => by === 'federation')?.state,
    actor: actor.state,
    weak,
    endUnseen: fact.kind === 'lease-issued' && end.reason === 'no end seen',
  }
}

export function surveyedLogin(login: Activity): SurveyedLogin {
  const { attributes } = login
  const fields = attributes.loginFields
  return {
    fact: login.factId,
    at: login.occurredAt,
    place: placeOf(login),
    claims: claimsIn(login),
    fields: (typeof fields === 'object' && fields !== null ? fields : {}) as Record<string, string>,
    evidence: login.positions,
  }
}

/** Accounts of one mount count together: each has a secret of its own and no role. */
function placeOf({ source, attributes }: Activity): LoginPlace {
  const text = (name: string): string | undefined => {
    const value = attributes[name]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const origin = text('sharedIdentity') === undefined ? text('origin') : 'shared'
  return {
    source,
    mount: text('mountPoint') ?? text('provider') ?? text('method') ?? 'login',
    role: text('role'),
    method: text('method') ?? 'unknown',
    origin: isOrigin(origin) ? origin : 'undeclared',
    issuer: text('issuer'),
  }
}

function isOrigin(text: string | undefined): text is LoginOrigin {
  return text === 'federated' || text === 'long-lived' || text === 'shared'
}

const CLAIM_ROLES: Readonly<Record<string, Claim>> = {
  'federated-session': 'sid',
  'federated-person': 'sub',
  'federated-email': 'email',
  'federated-name': 'preferred_username',
  'federated-run': 'run_id',
  'federated-attempt': 'run_attempt',
  'federated-repository': 'repository_id',
  'federated-repository-name': 'repository',
  'federated-initiator': 'actor',
}

/** GitLab's words for the same. */
const CLAIM_ROLES_OF_JOBS: Readonly<Record<string, Claim>> = {
  ...CLAIM_ROLES,
  'federated-run': 'pipeline_id',
  'federated-attempt': 'job_id',
  'federated-repository': 'project_id',
  'federated-repository-name': 'project_path',
  'federated-initiator': 'user_id',
}

/** Of issuers that use other claims for the same. */
const CLAIM_ROLES_OF: Readonly<Record<string, Readonly<Record<string, Claim>>>> = {
  gitlab: CLAIM_ROLES_OF_JOBS,
  entra: { ...CLAIM_ROLES, 'federated-person': 'oid', 'federated-name': 'upn' },
  cloudevents: { 'federated-session': 'sid', 'federated-holder': 'sub' },
  spire: { 'federated-session': 'serial_number', 'federated-holder': 'sub' },
}

function claimsIn({ groups, attributes }: Activity): Claim[] {
  const issuer = typeof attributes.issuer === 'string' ? attributes.issuer : ''
  const roles = CLAIM_ROLES_OF[issuerKind(issuer)] ?? CLAIM_ROLES
  const claims = groups.map(({ role }) => roles[role]).filter((claim) => claim !== undefined)
  return [...new Set(claims)].sort()
}

/** Undefined where path and actor are known. */
function weakLinkOf({ path, actor }: Chain): WeakLink | undefined {
  const broken = path.links.find(({ state }) => state === 'missing')
  if (broken !== undefined) return weak(broken, 'missing', broken.reason ?? 'not recorded by that source')
  if (path.state === 'missing')
    return {
      ...linkless('request to login'),
      reason: path.reason ?? 'not recorded by that source',
      words: path.reason ?? '',
    }
  const split = path.links.find(({ state }) => state === 'ambiguous')
  if (split !== undefined) return weak(split, 'ambiguous', 'several fit')
  if (actor.kind !== 'missing') return undefined
  const words = actor.shared === undefined ? actor.reason : `${actor.reason}: ${actor.shared}`
  return { ...linkless('identity to person'), reason: actor.reason, words, evidence: actor.evidence }
}

function weak(link: Link, state: WeakLink['state'], reason: WeakLink['reason']): WeakLink {
  const hop = link.by === 'federation' ? 'login to session or run' : 'request to login'
  return { hop, state, reason, words: link.words, evidence: link.evidence }
}

function linkless(hop: Hop): Pick<WeakLink, 'hop' | 'state' | 'evidence'> {
  return { hop, state: 'missing', evidence: [] }
}
