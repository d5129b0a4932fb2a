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
const ISSUERS: Readonly<Partial<Record<SourceKind, (claim: ReadClaim) => Presented[]>>> = { github: runOf }

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
  return (ISSUERS[issuer.kind] ?? personOf)(claim).flatMap(({ role, namespace, value, sideways }) => {
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
