import {
  issuerScope,
  makeKey,
  textAt,
  type Claim,
  type Federation,
  type JsonObject,
  type Key,
  type Namespace,
  type SourceInstance,
} from '@catena/domain'
import type { Groups } from './groups.js'

export function federationOf(source: SourceInstance, mount: string): Federation | undefined {
  return source.federations.find((federation) => federation.mount === mount)
}

/**
 * Keys of the issuer that a login presented: claims of a token that the vault verified, in the metadata fields where the
 * operator says they stand. Without a declared federation nothing is presented.
 */
export function presentClaims(groups: Groups, login: JsonObject, federation: Federation): void {
  const scope = issuerScope(federation.issuer.kind, federation.issuer.scope)
  const claim = (name: Claim): string | undefined => {
    const field = federation.claims[name]
    return field === undefined ? undefined : textAt(login, `response.auth.metadata.${field}`)
  }
  const present = (role: string, namespace: Namespace, value: string | undefined, sideways = false): void => {
    const key: Key | undefined = value === undefined ? undefined : makeKey(namespace, scope, value)
    groups.add(role, 'presents', [key], sideways ? { sideways } : {})
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
