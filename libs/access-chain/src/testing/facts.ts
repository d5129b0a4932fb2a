import {
  credentialKey,
  form,
  makeKey,
  namespaceOf,
  scopeOf,
  type Activity,
  type Attributes,
  type KeyGroup,
  type Target,
} from '@catena/domain'
import { fact, key } from './given.js'

export const GITHUB = { issuer: 'github/github.com' }
export const REPOSITORY = 'acme/shop'

/** All names of one thing in one record. */
export function named(group: KeyGroup, ...others: readonly string[]): KeyGroup {
  const [first] = group.forms
  if (first === undefined) return group
  const more = others.map((other) => form(makeKey(namespaceOf(first.key), scopeOf(first.key), other)))
  return { ...group, forms: [...group.forms, ...more] }
}

/** The start of a CI run's attempt. */
export function attempt(
  run: string,
  number: number,
  at: number,
  attributes: Attributes = {},
  repository = '7',
): Activity {
  return fact({
    factId: `ci:${run}/${number}:started`,
    kind: 'run-observed',
    occurredAt: at,
    groups: [
      key('attempt', 'establishes', 'ci-attempt', `${run}/${number}`, 'login'),
      key('run', 'establishes', 'ci-run', run, 'login'),
      key('repository', 'binds', 'repository', repository),
      key('repository-name', 'binds', 'repository-name', REPOSITORY),
    ],
    attributes: { repositoryName: REPOSITORY, ...attributes },
  })
}

export function attemptEnd(run: string, number: number, at: number): Activity {
  const groups = [key('attempt-end', 'ends', 'ci-attempt', `${run}/${number}`)]
  return fact({ factId: `ci:${run}/${number}:completed`, kind: 'run-observed', occurredAt: at, groups })
}

/** A run of which the issuer recorded no attempt. */
export function runAlone(run: string, at: number, attributes: Attributes = {}): Activity {
  return fact({
    factId: `ci:${run}:created`,
    kind: 'run-observed',
    occurredAt: at,
    groups: [key('run', 'establishes', 'ci-run', run, 'login'), key('repository', 'binds', 'repository', '7')],
    attributes: { repositoryName: REPOSITORY, ...attributes },
  })
}

export function approval(run: string, at: number, decision = 'approved', approver = 'olga'): Activity {
  return fact({
    factId: `ci:${run}:${decision}:${at}`,
    kind: 'approval-observed',
    occurredAt: at,
    groups: [key('run', 'presents', 'ci-run', run), key('approver', 'presents', 'person', approver)],
    attributes: { decision, approver },
  })
}

/** A login at the vault by an account with a long-lived secret. */
export function accountLogIn(token: string, account: string, at: number, attributes: Attributes = {}): Activity {
  return fact({
    factId: `vault:login:${token}`,
    kind: 'login',
    occurredAt: at,
    groups: [
      key('issued', 'establishes', 'vault-token', token, 'login'),
      { ...key('entity', 'presents', 'vault-entity', `entity-of-${account}`), sideways: true },
    ],
    attributes: { origin: 'long-lived', accountName: account, method: 'userpass', ...attributes },
  })
}

/** The vault's entity behind a federated login. */
export function underEntity(login: Activity, account: string): Activity {
  return { ...login, groups: [...login.groups, key('entity', 'binds', 'vault-entity', `entity-of-${account}`)] }
}

interface Entry {
  readonly email?: string
  readonly username?: string
}

/** A change of a directory entry. */
export function directoryChange(person: string, at: number, entry: Entry, attributes: Attributes = {}): Activity {
  return fact({
    factId: `idp:user:${person}:${at}`,
    kind: 'person-observed',
    occurredAt: at,
    groups: [
      key('person', 'describes', 'person', person),
      ...(entry.email === undefined ? [] : [key('email', 'describes', 'person-email', entry.email)]),
      ...(entry.username === undefined ? [] : [key('name', 'describes', 'person-name', entry.username)]),
    ],
    attributes: { ...entry, ...attributes },
  })
}

/** The vault's account that a login is of. */
export function underAccount(login: Activity, account: string): Activity {
  return { ...login, groups: [...login.groups, key('account', 'binds', 'vault-account', account)] }
}

/** An operator's word that an account of the vault is a person's. */
export function joined(account: string, person: string, at: number): Activity {
  const [alias, principal] = [key('alias', 'relates', 'vault-account', account), key('principal', 'relates', 'person', person)]
  const attributes = { join: 'joined', alias: alias.forms[0]?.key, principal: principal.forms[0]?.key }
  return fact({ factId: `catena:join:${account}`, kind: 'identity-joined', occurredAt: at, attributes, groups: [alias, principal] })
} // prettier-ignore

/** A directory entry as an export showed it. */
export function snapshot(person: string, statedAt: number, entry: Entry, attributes: Attributes = {}): Activity {
  return directoryChange(person, statedAt, entry, { snapshot: true, statedAt, ...attributes })
}

/** A code became tokens at the identity provider. */
export function exchange(session: string, at: number, client = 'vault', more: Partial<Activity> = {}): Activity {
  return fact({
    factId: `idp:${session}:exchange:${at}`,
    kind: 'code-exchanged',
    occurredAt: at,
    groups: [key('session', 'presents', 'idp-session', session)],
    attributes: { clientId: client },
    ...more,
  })
}

/** A request whose answer was wrapped: `wrapping` opens it. */
export function wrap(wrapping: string, caller: string, at: number, wrapped?: string): Activity {
  return fact({
    factId: `vault:wrap:${wrapping}`,
    kind: wrapped === undefined ? 'secret-read' : 'token-created',
    occurredAt: at,
    groups: [
      key('caller', 'presents', 'vault-token', caller),
      key('wrapping', 'establishes', 'vault-token', wrapping, 'handover'),
      ...(wrapped === undefined ? [] : [key('wrapped', 'establishes', 'vault-token', wrapped, 'handover')]),
    ],
    attributes: { displayName: `holder of ${caller}` },
  })
}

/** The wrapping named in the body of a request with an own token, or the caller's own token. */
export function unwrap(wrapping: string, caller: string, at: number, more: Partial<Activity> = {}): Activity {
  const opened = { ...key('opened', 'presents', 'vault-token', wrapping), sideways: true }
  return fact({
    factId: `vault:unwrap:${wrapping}:${at}`,
    kind: 'response-unwrapped',
    occurredAt: at,
    groups: [key('caller', 'presents', 'vault-token', caller), ...(caller === wrapping ? [] : [opened])],
    attributes: { displayName: `holder of ${caller}` },
    ...more,
  })
}

export function revoke(token: string, at: number, more: Partial<Activity> = {}): Activity {
  const groups = [key('revoked', 'ends', 'vault-token', token)]
  return fact({ factId: `vault:revoke:${token}:${at}`, kind: 'token-revoked', occurredAt: at, groups, ...more })
}

export function lease(id: string, token: string, at: number): Activity {
  return fact({
    factId: `vault:lease:${id}`,
    kind: 'lease-issued',
    occurredAt: at,
    groups: [key('caller', 'presents', 'vault-token', token), key('lease', 'establishes', 'vault-lease', id, 'login')],
  })
}

export function leaseEnd(id: string, at: number, kind: 'lease-ended' | 'lease-revoked' = 'lease-ended'): Activity {
  const groups = [key('lease', 'ends', 'vault-lease', id)]
  return fact({ factId: `vault:${kind}:${id}`, kind, occurredAt: at, groups })
}

export const SLOT: Target = { system: 'vault/prod', container: 'kv_1', path: 'payments/stripe' }

/** Reads the one secret of these facts. */
export function readSecret(token: string, at: number, more: Partial<Activity> = {}): Activity {
  const groups = [key('caller', 'presents', 'vault-token', token)]
  return fact({ factId: `vault:read:${at}`, kind: 'secret-read', occurredAt: at, target: SLOT, groups, ...more })
}

/** Writes, deletes or destroys it. */
export function changeSecret(kind: Activity['kind'], at: number, more: Partial<Activity> = {}): Activity {
  const slot = credentialKey(SLOT) ?? makeKey('credential', '', '')
  const groups: KeyGroup[] = [{ role: 'slot', verb: 'ends', trust: 'verified', forms: [form(slot)] }]
  return fact({ factId: `vault:${kind}:${at}`, kind, occurredAt: at, target: SLOT, groups, ...more })
}
