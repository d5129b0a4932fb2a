import {
  issuerScope,
  makeKey,
  text,
  type Claim,
  type Federation,
  type JsonObject,
  type Namespace,
  type SourceInstance,
} from '@catena/domain'
import type { Groups } from './groups.js'
import { objectOr, type AuditRecord } from './record.js'

/** Old vaults do not write the mount; then the path tells it. */
export function federationOf(source: SourceInstance, { mount, path }: AuditRecord): Federation | undefined {
  return source.federations.find((federation) =>
    mount === '' ? path.startsWith(federation.mount) : mount === federation.mount,
  )
}

/**
 * Keys of the issuer that a login presented: claims of a token that the vault verified, in the metadata fields where the
 * operator says they stand. Without a declared federation nothing is presented.
 */
export function presentClaims(groups: Groups, issued: JsonObject, federation: Federation): void {
  const scope = issuerScope(federation.issuer.kind, federation.issuer.scope)
  const metadata = objectOr(issued.metadata)
  const claim = (name: Claim): string | undefined => {
    const field = federation.claims[name]
    return field !== undefined && Object.hasOwn(metadata, field) ? text(metadata[field]) : undefined
  }
  const present = (role: string, namespace: Namespace, value: string | undefined, sideways = false): void => {
    if (value !== undefined)
      groups.add(role, 'presents', [makeKey(namespace, scope, value)], sideways ? { sideways } : {})
  }
  if (federation.issuer.kind === 'github') presentRun(claim, present)
  else presentPerson(claim, present)
}

type Read = (name: Claim) => string | undefined
type Present = (role: string, namespace: Namespace, value: string | undefined, sideways?: boolean) => void

function presentPerson(claim: Read, present: Present): void {
  present('federated-session', 'idp-session', claim('sid'))
  present('federated-person', 'person', claim('sub'))
  present('federated-email', 'person-email', claim('email')?.toLowerCase())
  present('federated-name', 'person-name', claim('preferred_username')?.toLowerCase())
}

function presentRun(claim: Read, present: Present): void {
  const run = claim('run_id')
  const attempt = claim('run_attempt')
  present('federated-run', 'ci-run', run)
  present(
    'federated-attempt',
    'ci-attempt',
    run === undefined || attempt === undefined ? undefined : `${run}/${attempt}`,
  )
  present('federated-repository', 'repository', claim('repository_id'))
  present('federated-repository-name', 'repository-name', claim('repository')?.toLowerCase())
  present('federated-initiator', 'person-name', claim('actor')?.toLowerCase(), true)
}
