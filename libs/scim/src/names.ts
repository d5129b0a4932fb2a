import { isObject, type Json, type JsonObject } from '@catena/domain'
import { GROUP, USER } from './discovery.js'

/** Attributes that are read, as RFC 7643 spells them; clients may write them in any case (section 2.1). */
const NAMES = new Map(
  ['userName', 'externalId', 'name', 'displayName', 'title', 'userType', 'active', 'emails', 'members'].map((name) => [
    name.toLowerCase(),
    name,
  ]),
)

/** Their schema, with which clients may write them in full (RFC 7644 section 3.10). */
const SCHEMA = new RegExp(`^(?:${USER}|${GROUP}):`, 'i')

/** A resource, or the value of an operation without a path, with its attributes as RFC 7643 spells them. */
export function inOwnNames(values: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [ownName(name), value]))
}

/** The same of each operation of a PATCH: what is recorded has one spelling. */
export function operationInOwnNames(operation: Json): Json {
  if (!isObject(operation)) return operation
  const { path, value } = operation
  if (typeof path === 'string') return { ...operation, path: ownName(path) }
  return isObject(value) ? { ...operation, value: inOwnNames(value) } : operation
}

function ownName(name: string): string {
  const bare = name.replace(SCHEMA, '')
  return NAMES.get(bare.toLowerCase()) ?? bare
}
