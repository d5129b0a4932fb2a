import {
  issuerScope,
  makeKey,
  type Claim,
  type Federation,
  type KeyGroup,
  type Namespace,
  type SourceKind,
} from '@catena/domain'
import { keyGroup } from './observation.js'

/** What a login's record holds in a field that a declaration names. */
export type ReadField = (field: string) => string | undefined

type ReadClaim = (name: Claim) => string | undefined

interface Presented {
  readonly role: string
  readonly namespace: Namespace
  readonly value: string | undefined
  readonly sideways?: boolean
}

/** What the claims of each kind of issuer mean; those of all others speak of people. */
const ISSUERS: Readonly<Partial<Record<SourceKind, (claim: ReadClaim, claims: Federation['claims']) => Presented[]>>> =
  {
    github: runOf,
    entra: personOfEntra,
    cloudevents: agentOf,
    spire: workloadOf,
    // GitLab signs people in, too.
    gitlab: (claim, claims) => (OF_JOBS.some((name) => claims[name] !== undefined) ? jobOf(claim) : personOf(claim)),
  }

/**
 * Keys of the issuer that a login presented: claims of a token that the recording system had verified, in the fields where the operator
 * says they stand.
 */
export function presentedClaims(federation: Federation, fieldOf: ReadField, position: number): KeyGroup[] {
  const { issuer, claims } = federation
  const claim: ReadClaim = (name) => {
    const field = claims[name]
    return field === undefined ? undefined : fieldOf(field)
  }
  const scope = issuerScope(issuer.kind, issuer.scope)
  return (ISSUERS[issuer.kind] ?? personOf)(claim, claims).flatMap(({ role, namespace, value, sideways }) => {
    const draft = { role: `federated-${role}`, verb: 'presents', ...(sideways === true ? { sideways } : {}) } as const
    return keyGroup(draft, value === undefined ? undefined : makeKey(namespace, scope, value), position)
  })
}

function personOf(claim: ReadClaim): Presented[] {
  return [
    { role: 'session', namespace: 'idp-session', value: claim('sid') },
    { role: 'person', namespace: 'person', value: claim('sub') },
    { role: 'email', namespace: 'person-email', value: claim('email')?.toLowerCase() },
    { role: 'name', namespace: 'person-name', value: claim('preferred_username')?.toLowerCase() },
    { role: 'holder', namespace: 'agent', value: claim('act') },
  ]
}

/** Tokens that a runtime gives its agents: the session by its id, the agent as the subject. */
function agentOf(claim: ReadClaim): Presented[] {
  return [
    { role: 'session', namespace: 'system-session', value: claim('sid') },
    { role: 'holder', namespace: 'agent', value: claim('act') ?? claim('sub') },
  ]
}

/** The `sub` of Entra differs from application to application, and its records name people by `oid`. */
function personOfEntra(claim: ReadClaim): Presented[] {
  const name = claim('upn') ?? claim('preferred_username')
  return [
    { role: 'session', namespace: 'idp-session', value: claim('sid')?.toLowerCase() },
    { role: 'person', namespace: 'person', value: claim('oid')?.toLowerCase() },
    { role: 'email', namespace: 'person-email', value: claim('email')?.toLowerCase() },
    { role: 'name', namespace: 'person-name', value: name?.toLowerCase() },
  ]
}

function runOf(claim: ReadClaim): Presented[] {
  const [run, attempt] = [claim('run_id'), claim('run_attempt')]
  const both = run === undefined || attempt === undefined ? undefined : `${run}/${attempt}`
  return [
    { role: 'run', namespace: 'ci-run', value: run },
    { role: 'attempt', namespace: 'ci-attempt', value: both },
    { role: 'repository', namespace: 'repository', value: claim('repository_id') },
    { role: 'repository-name', namespace: 'repository-name', value: claim('repository')?.toLowerCase() },
    { role: 'initiator', namespace: 'person-name', value: claim('actor')?.toLowerCase(), sideways: true },
  ]
}

/** Claims that only jobs of GitLab have. */
const OF_JOBS: readonly Claim[] = [
  'job_id',
  'pipeline_id',
  'job_project_id',
  'project_id',
  'job_project_path',
  'project_path',
]

/**
 * A job of GitLab is what a run's attempt is elsewhere: it gets a number of its own each time it runs. In a pipeline for a fork's merge
 * request `project_id` names the fork, and `job_project_id` where the job ran (GitLab 18.4).
 */
function jobOf(claim: ReadClaim): Presented[] {
  const path = claim('job_project_path') ?? claim('project_path')
  const user = claim('user_id')
  const login = user === undefined ? claim('user_login')?.toLowerCase() : undefined
  return [
    { role: 'run', namespace: 'ci-run', value: claim('pipeline_id') },
    { role: 'attempt', namespace: 'ci-job', value: claim('job_id') },
    { role: 'repository', namespace: 'repository', value: claim('job_project_id') ?? claim('project_id') },
    { role: 'repository-name', namespace: 'repository-name', value: path?.toLowerCase() },
    { role: 'initiator', namespace: 'person', value: user, sideways: true },
    { role: 'initiator', namespace: 'person-name', value: login, sideways: true },
  ]
}

/**
 * One of the `name:value` pairs of which GitHub and GitLab make a subject. A name that stands there twice says nothing: part of a value
 * may be anybody's choice.
 */
export function partOfSubject(subject: string | undefined, name: string): string | undefined {
  const parts = subject?.split(':') ?? []
  const index = parts.indexOf(name)
  const isName = index >= 0 && index % 2 === 0 && parts.lastIndexOf(name) === index
  const value = isName ? parts[index + 1] : undefined
  return value === '' ? undefined : value
}

/** Identity documents of workloads: certificates by their serial number, tokens by their subject. */
function workloadOf(claim: ReadClaim): Presented[] {
  return [
    { role: 'session', namespace: 'svid', value: claim('serial_number') },
    { role: 'holder', namespace: 'spiffe-id', value: claim('sub') },
  ]
}
