import { makeKey, namespaceOf, scopeOf, type Activity, type Key } from '@catena/domain'
import { keysOf } from './evidence.js'
import { textOf } from './lives.js'

/** An account of one system, by its id, its login names, or both. */
export interface Account {
  readonly ids: readonly Key[]
  readonly names: readonly Key[]
}

/** Whoever set off the run that a record tells of. */
export function initiatorIn(fact: Activity): Account {
  return accountIn(fact, ['initiator', 'federated-initiator'], 'initiator')
}

/** Whoever decided. */
export function approverIn(fact: Activity): Account {
  return accountIn(fact, ['approver'], 'approver')
}

function accountIn(fact: Activity, roles: readonly string[], attribute: string): Account {
  const keys = roles.flatMap((role) => keysOf(fact, role))
  const ids = keys.filter((key) => namespaceOf(key) === 'person')
  const [name, named] = [textOf(fact, attribute)?.toLowerCase(), keys.filter((key) => namespaceOf(key) === NAME)]
  const called = name === undefined ? [] : ids.map((key) => makeKey(NAME, scopeOf(key), name))
  return { ids, names: [...named, ...called] }
}

const NAME = 'person-name'

/** By their ids; by a login name where one of them is known by nothing else. */
export function isSameAccount(a: Account, b: Account): boolean {
  if (a.ids.length > 0 && b.ids.length > 0) return a.ids.some((key) => b.ids.includes(key))
  return a.names.some((key) => b.names.includes(key))
}
