import {
  form,
  makeKey,
  type Activity,
  type Attributes,
  type KeyGroup,
  type Namespace,
  type SourceInstance,
} from '@catena/domain'
import type { Chain } from '../chain.js'
import { WALK_DEFAULTS, type WalkSettings } from '../evidence.js'
import { MemoryFacts } from '../memory-fact-index.js'
import { walk } from '../walk.js'

const plain = { federations: [], sharedIdentities: [], gaps: [] }
export const SOURCES: readonly SourceInstance[] = [
  { ...plain, id: 'vault', kind: 'vault', scope: 'prod' },
  { ...plain, id: 'idp', kind: 'keycloak', scope: 'acme' },
]

export function key(
  role: string,
  verb: KeyGroup['verb'],
  namespace: Namespace,
  value: string,
  by?: KeyGroup['by'],
): KeyGroup {
  const scope = namespace.startsWith('vault') ? 'prod' : 'keycloak/acme'
  return {
    role,
    verb,
    trust: 'verified',
    forms: [form(makeKey(namespace, scope, value))],
    ...(by === undefined ? {} : { by }),
  }
}

type Draft = Partial<Activity> & Pick<Activity, 'factId' | 'kind' | 'occurredAt'>

export function fact(draft: Draft): Activity {
  const source = draft.factId.startsWith('idp') ? 'idp' : 'vault'
  return {
    source,
    type: draft.kind,
    resolutionMs: 0,
    outcome: 'succeeded',
    groups: [],
    attributes: {},
    conflicts: [],
    positions: [1],
    ...draft,
  }
}

/** A sign-in at the identity provider. */
export function signIn(session: string, person: string, at: number, client = 'portal'): Activity {
  const groups = [
    key('session', 'establishes', 'idp-session', session, 'login'),
    key('person', 'binds', 'person', person),
  ]
  return fact({
    factId: `idp:${session}:${client}`,
    kind: 'login',
    occurredAt: at,
    groups,
    attributes: { clientId: client, username: person },
  })
}

export function signOut(session: string, at: number): Activity {
  return fact({
    factId: `idp:${session}:out`,
    kind: 'logout',
    occurredAt: at,
    groups: [key('session', 'ends', 'idp-session', session)],
  })
}

/** A login to the vault through the identity provider. */
export function logIn(
  token: string,
  at: number,
  claims: Readonly<Record<string, string>>,
  attributes: Attributes = {},
): Activity {
  const namespaces: Readonly<Record<string, Namespace>> = { session: 'idp-session', person: 'person' }
  const presented = Object.entries(claims).map(([claim, value]) =>
    key(`federated-${claim}`, 'presents', namespaces[claim] ?? 'person', value),
  )
  const groups = [key('issued', 'establishes', 'vault-token', token, 'login'), ...presented]
  return fact({
    factId: `vault:login:${token}`,
    kind: 'login',
    occurredAt: at,
    groups,
    attributes: { origin: 'federated', issuer: 'keycloak/acme', ...attributes },
  })
}

export function read(token: string, at: number, attributes: Attributes = {}): Activity {
  return fact({
    factId: `vault:read:${token}:${at}`,
    kind: 'secret-read',
    occurredAt: at,
    groups: [key('caller', 'presents', 'vault-token', token)],
    attributes,
  })
}

export function create(child: string, parent: string, at: number): Activity {
  const groups = [
    key('caller', 'presents', 'vault-token', parent),
    key('issued', 'establishes', 'vault-token', child, 'handover'),
  ]
  return fact({ factId: `vault:create:${child}:by:${parent}`, kind: 'token-created', occurredAt: at, groups })
}

/** The chain of one fact among the facts given, in the order given. */
export async function chainOf(
  asked: Activity,
  given: readonly Activity[],
  settings: Partial<WalkSettings> = {},
): Promise<Chain> {
  const facts = new MemoryFacts()
  for (const each of [...given, asked]) facts.add(each)
  const index = facts.at({ position: 1 })
  const [chain] = await walk(
    index,
    index.all.filter(({ factId }) => factId === asked.factId),
    { ...WALK_DEFAULTS, sources: SOURCES, ...settings },
  )
  if (chain === undefined) throw new Error('the fact asked for is not there')
  return chain
}
