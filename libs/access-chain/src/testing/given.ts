import {
  form,
  makeKey,
  type Activity,
  type Attributes,
  type KeyGroup,
  type Namespace,
  type SourceInstance,
} from '@catena/domain'
import { expect } from '@jest/globals'
import fc from 'fast-check'
import type { Chain } from '../chain.js'
import { WALK_DEFAULTS, type WalkSettings } from '../evidence.js'
import type { AsOf } from '../fact-index.js'
import { MemoryFacts } from '../memory-fact-index.js'
import { walk } from '../walk.js'

const plain = { federations: [], sharedIdentities: [], gaps: [] }
export const SOURCES: readonly SourceInstance[] = [
  { ...plain, id: 'vault', kind: 'vault', scope: 'prod' },
  { ...plain, id: 'idp', kind: 'keycloak', scope: 'acme' },
  { ...plain, id: 'ci', kind: 'github', scope: 'github.com' },
]

/** The sources with one of them configured otherwise. */
export function sourcesWith(id: string, more: Partial<SourceInstance>): readonly SourceInstance[] {
  return SOURCES.map((source) => (source.id === id ? { ...source, ...more } : source))
}

function scopeOf(namespace: Namespace): string {
  if (namespace.startsWith('vault')) return 'prod'
  return namespace.startsWith('ci') || namespace.startsWith('repository') ? 'github/github.com' : 'keycloak/acme'
}

export function key(
  role: string,
  verb: KeyGroup['verb'],
  namespace: Namespace,
  value: string,
  by?: KeyGroup['by'],
): KeyGroup {
  return {
    role,
    verb,
    trust: 'verified',
    forms: [form(makeKey(namespace, scopeOf(namespace), value))],
    ...(by === undefined ? {} : { by }),
  }
}

type Draft = Partial<Activity> & Pick<Activity, 'factId' | 'kind' | 'occurredAt'>

export function fact(draft: Draft): Activity {
  const [source = ''] = draft.factId.split(':')
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

const CLAIMED: Readonly<Record<string, Namespace>> = {
  session: 'idp-session',
  email: 'person-email',
  name: 'person-name',
  run: 'ci-run',
  attempt: 'ci-attempt',
  repository: 'repository',
  'repository-name': 'repository-name',
}

/** A login to the vault through the identity provider. */
export function logIn(
  token: string,
  at: number,
  claims: Readonly<Record<string, string>>,
  attributes: Attributes = {},
): Activity {
  const presented = Object.entries(claims).map(([claim, value]) =>
    key(`federated-${claim}`, 'presents', CLAIMED[claim] ?? 'person', value),
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

interface Asked {
  readonly settings?: Partial<WalkSettings>
  readonly asOf?: Partial<AsOf>
}

/** The chains of one page, in the order asked, among the facts given. */
export async function pageOf(
  asked: readonly Activity[],
  given: readonly Activity[],
  { settings, asOf }: Asked = {},
): Promise<Chain[]> {
  const facts = new MemoryFacts()
  for (const each of [...given, ...asked]) facts.add(each)
  const index = facts.at({ position: Infinity, ...asOf })
  const known = await index.facts(asked.map(({ factId }) => factId))
  const page = asked.map(({ factId }) => {
    const found = known.get(factId)
    if (found === undefined) throw new Error(`${factId} is not known`)
    return found
  })
  return walk(index, page, { ...WALK_DEFAULTS, sources: SOURCES, ...settings })
}

/** The one chain that these facts give in any order and any repetition. */
export async function chain(
  asked: Activity,
  given: readonly Activity[],
  settings: Partial<WalkSettings> = {},
): Promise<Chain> {
  const [expected] = await pageOf([asked], given, { settings })
  if (expected === undefined) throw new Error(`${asked.factId} has no chain`)
  const twice = [...given, ...given]
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(twice, { minLength: twice.length }), async (arrived) => {
      expect(await pageOf([asked], arrived, { settings })).toEqual([expected])
    }),
    { numRuns: 10 },
  )
  return expected
}
