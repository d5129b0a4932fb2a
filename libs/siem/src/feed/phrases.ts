import type { Outcome } from '@catena/domain'
import type { FeedActor, FeedCredential } from './event.js'
import type { FeedKind } from './kinds.js'

/** The sentence of an event. Who did it is said only as strongly as it is known. */
export function phraseOf(of: {
  readonly kind: FeedKind
  readonly outcome: Outcome
  readonly actor?: FeedActor
  readonly credential?: FeedCredential | undefined
  readonly credentialCandidates?: readonly FeedCredential[]
  readonly about?: string
}): string {
  const what = of.kind.replaceAll('-', ' ')
  const about = of.about ?? phraseOfCredential(of)
  const object = about === '' ? '' : `: ${about}`
  const how = of.outcome === 'succeeded' ? '' : ` (${of.outcome === 'unknown' ? 'outcome unknown' : of.outcome})`
  return `${what}${object}${how}${of.actor === undefined ? '' : `, ${phraseOfActor(of.actor)}`}`
}

function phraseOfCredential({ credential, credentialCandidates }: Parameters<typeof phraseOf>[0]): string {
  if (credential !== undefined) return nameOfCredential(credential)
  if (credentialCandidates === undefined) return ''
  return `${credentialCandidates.length === 1 ? 'perhaps' : 'one of'} ${namesOfCredentials(credentialCandidates)} (ambiguous)`
}

export function namesOfCredentials(credentials: readonly FeedCredential[]): string {
  return credentials.map(nameOfCredential).join(', ')
}

export function phraseOfActor(actor: FeedActor): string {
  if (actor.kind === 'account') return `by the account ${actor.name ?? ''}`
  if (actor.state === 'proven') return `by ${actor.name ?? ''} (proven)`
  if (actor.state === 'inferred') return `by ${actor.name ?? ''} (inferred, not proven)`
  if (actor.state === 'ambiguous') return `by one of ${(actor.candidates ?? []).join(', ')} (ambiguous)`
  if (actor.kind === 'shared') return `by somebody who holds the shared identity ${actor.id ?? ''} (missing)`
  return `by nobody known (missing: ${actor.reason ?? 'unknown reason'})`
}

export function nameOfCredential({ container, path, system }: FeedCredential): string {
  return `${container ?? ''}${path} in ${system}`
}
