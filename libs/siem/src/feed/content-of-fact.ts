import type { Chain, ContentAspect } from '@catena/access-chain'
import { agreedOutcome, credentialKey, valueOf, type Activity, type Key, type Target } from '@catena/domain'
import { accountActor, chainActor } from './actors.js'
import { chainOf } from './chain-aspects.js'
import type { FeedActor, FeedContent, FeedCredential, FeedParty } from './event.js'
import { severityOf, type FeedKind, type Severity } from './kinds.js'
import { phraseOf } from './phrases.js'

/** What is told of a fact; with its chain where it was walked. Pure: the same fact and chain give the same content. */
export function contentOfFact(fact: Activity, kind: FeedKind, chain: Chain | undefined): FeedContent {
  const actor = chain === undefined ? accountActor(fact) : chainActor(chain)
  const credentials = credentialsOf(fact, chain?.content)
  const outcome = agreedOutcome(fact)
  return {
    kind,
    severity: factSeverity(fact, kind),
    occurredAt: fact.occurredAt,
    outcome,
    source: fact.source,
    reference: fact.factId,
    type: fact.type,
    summary: phraseOf({ kind, outcome, actor, ...credentials }),
    actor,
    ...credentials,
    ...parties(fact, kind),
    ...(chain === undefined ? {} : { chain: chainOf(chain) }),
    ...detailsOf(fact),
  }
}

/** What a fact is of, no surer than its chain says which credential had been wrapped. */
export function credentialsOf(
  { target }: Activity,
  content: ContentAspect | undefined,
): Pick<FeedContent, 'credential' | 'credentialCandidates'> {
  if (content?.state === 'ambiguous') return { credentialCandidates: content.targets.map(credentialOf) }
  return target === undefined ? {} : { credential: credentialOf(target) }
}

/** Something refused is worth a look, whatever it was. */
function factSeverity(fact: Activity, kind: FeedKind): Severity {
  const plain = severityOf(kind)
  return fact.outcome === 'denied' || fact.outcome === 'failed' ? (Math.max(plain, 2) as Severity) : plain
}

function credentialOf(target: Target): FeedCredential {
  const id = credentialKey(target)
  const container = target.containerName ?? target.container
  return {
    system: target.system,
    path: target.path,
    ...(container === undefined ? {} : { container }),
    ...(target.version === undefined ? {} : { version: target.version }),
    ...(id === undefined ? {} : { id }),
  }
}

function parties(fact: Activity, kind: FeedKind): Partial<Pick<FeedContent, 'subject' | 'group' | 'entity'>> {
  if (kind === 'membership-added' || kind === 'membership-removed') {
    return {
      subject: party(keyIn(fact, ['member', 'user', 'person']), text(fact, 'member') ?? text(fact, 'user')),
      group: party(keyIn(fact, ['group', 'role']), text(fact, 'team') ?? text(fact, 'group') ?? text(fact, 'organization')),
    } // prettier-ignore
  }
  if (kind === 'policy-changed' || kind === 'configuration-changed') {
    const name = text(fact, 'policy') ?? fact.target?.path ?? fact.type
    return { entity: { type: kind === 'policy-changed' ? 'policy' : 'configuration', name } }
  }
  return {}
}

function party(key: Key | undefined, name: string | undefined): FeedParty {
  if (key === undefined && name === undefined) return { name: 'unknown' }
  return { ...(key === undefined ? {} : { id: key }), name: name ?? valueOf(key as Key) }
}

function keyIn(fact: Activity, roles: readonly string[]): Key | undefined {
  return roles.map((role) => fact.groups.find((group) => group.role === role)?.forms[0]?.key).find((key) => key !== undefined) // prettier-ignore
}

/** Attributes that people filter by. */
const DETAILS = ['method', 'role', 'remoteAddress', 'error', 'reason', 'change', 'client', 'namespace'] as const

function detailsOf(fact: Activity): Pick<FeedContent, 'details'> {
  const details = DETAILS.flatMap((name) => {
    const value = text(fact, name)
    return value === undefined ? [] : [[name, value] as const]
  })
  return details.length === 0 ? {} : { details: Object.fromEntries(details) }
}

function text(fact: Activity, name: string): string | undefined {
  const value = fact.attributes[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

export type { FeedActor }
