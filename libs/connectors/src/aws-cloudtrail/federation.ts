import { text, type Federation, type SourceInstance } from '@catena/domain'
import { partOfSubject } from '../federated-claims.js'
import type { Groups } from './groups.js'
import { parseArn } from './place.js'
import { objectOr, type CloudEvent } from './record.js'

/** The declared federation of the identity provider that IAM trusted: its mount is the provider's ARN behind the account. */
export function federationOf(source: SourceInstance, event: CloudEvent): Federation | undefined {
  const declared = mountOf(event)
  return source.federations.find(({ mount }) => mount === declared)
}

export function mountOf(event: CloudEvent): string | undefined {
  const provider = providerOf(event)
  return provider === undefined ? undefined : `${provider}/`
}

/** `oidc-provider/<host>`, `saml-provider/<name>`, or the name of a provider that AWS knows by itself. */
function providerOf({ identity, request, response }: CloudEvent): string | undefined {
  const candidates = [text(request.principalArn), text(identity.raw.identityProvider), text(response.provider)]
  const arn = candidates.map((candidate) => parseArn(candidate)?.resource).find((found) => found !== undefined)
  return arn ?? text(response.provider)
}

/** What STS read out of a token that it had verified, where the operator says it stands. */
export function presentClaims(groups: Groups, event: CloudEvent, federation: Federation): void {
  groups.addClaims(federation, (field) => fieldOf(event, field))
}

/** Fields of a login to AWS that a declaration may name. A session name counts only where the provider's assertion states it. */
function fieldOf({ request, response, payload }: CloudEvent, field: string): string | undefined {
  const subject = text(response.subjectFromWebIdentityToken) ?? text(response.subject)
  if (field === 'subject') return subject
  if (field.startsWith('subject.')) return partOfSubject(subject, field.slice('subject.'.length))
  if (field === 'source_identity') return text(response.sourceIdentity)
  if (field === 'session_name')
    return payload.eventName === 'AssumeRoleWithSAML' ? text(request.roleSessionName) : undefined
  const tags = objectOr(request.principalTags)
  const tag = field.startsWith('tags.') ? field.slice('tags.'.length) : ''
  return Object.hasOwn(tags, tag) ? text(tags[tag]) : undefined
}
