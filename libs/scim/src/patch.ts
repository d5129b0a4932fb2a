import { isObject, text, type Json, type JsonObject } from '@catena/domain'
import type { ResourceType } from './door.js'
import { operationInOwnNames } from './names.js'
import { ScimError } from './scim-error.js'

/** Most operations of one PATCH. Clients send some dozens; one operation can name thousands of members. */
const OPERATIONS_MAX = 1_000

const VALUE_EQ = String.raw`value\s+eq\s+"[^"\\]+"`
/** Members that are removed by their ids. */
const MEMBERS_BY_ID = new RegExp(String.raw`^members\[\s*${VALUE_EQ}(?:\s+or\s+${VALUE_EQ})*\s*\]$`, 'i')

/** The operations of a PATCH. What is accepted is recorded and read for ever, so what would be read otherwise than it is meant is refused. Throws ScimError. */
export function operationsOf(type: ResourceType, body: JsonObject): Json[] {
  const operations = body.Operations ?? body.operations
  if (!Array.isArray(operations) || !operations.every(isObject))
    throw new ScimError(400, 'a PATCH has a list of Operations', 'invalidSyntax')
  if (operations.length > OPERATIONS_MAX)
    throw new ScimError(413, `a PATCH may have at most ${OPERATIONS_MAX} operations: name many members in one of them, or send several requests`) // prettier-ignore
  const named = operations.map(operationInOwnNames) as JsonObject[]
  for (const operation of named) requireOperation(type, operation)
  return named
}

function requireOperation(type: ResourceType, { op, path, value }: JsonObject): void {
  const does = text(op)?.toLowerCase() ?? ''
  if (!['add', 'replace', 'remove'].includes(does)) throw new ScimError(400, 'op is add, replace or remove', 'invalidSyntax') // prettier-ignore
  if (typeof path === 'string') {
    requireAt(type, does, path, value)
    return
  }
  // RFC 7644 section 3.5.2: without a path the value's members are the attributes.
  if ((path !== undefined && path !== null) || (value !== undefined && !isObject(value)))
    throw new ScimError(400, 'an operation names its attribute in path, or has an object of attributes as its value', 'invalidSyntax') // prettier-ignore
  if (does === 'remove') throw new ScimError(400, 'a remove names in path what it removes', 'noTarget')
  if (isObject(value)) requireValues(type, value)
}

function requireAt(type: ResourceType, does: string, path: string, value: Json | undefined): void {
  if (type === 'Group' && /^members\b/i.test(path)) {
    if (path !== 'members' && !(does === 'remove' && MEMBERS_BY_ID.test(path)))
      throw new ScimError(400, 'members are added and replaced by the path members, and removed by it or by members[value eq "<id>"]', path.endsWith(']') ? 'invalidFilter' : 'invalidPath') // prettier-ignore
    if (does !== 'remove' || (value !== undefined && value !== null)) requireMembers(value)
    if (does === 'remove' && Array.isArray(value) && value.length === 0)
      throw new ScimError(400, 'a list of members to remove names somebody; without a list all are removed', 'invalidValue') // prettier-ignore
  }
  if (type === 'User' && path === 'active' && does !== 'remove') requireBoolean(value)
}

/** Attributes of a whole resource, or of an operation without a path. Throws ScimError. */
export function requireValues(type: ResourceType, { members, active }: JsonObject): void {
  if (type === 'Group' && members !== undefined && members !== null) requireMembers(members)
  if (type === 'User' && active !== undefined && active !== null) requireBoolean(active)
}

/** Whom nobody can name would be nobody, and a group of nobody is what is left. */
function requireMembers(value: Json | undefined): void {
  const all = Array.isArray(value) ? value : [value]
  if (!all.every((member) => text(isObject(member) ? member.value : member) !== undefined))
    throw new ScimError(400, 'members are a list of objects with the id of a user as value', 'invalidValue')
}

/** Entra ID sends it as a text. */
function requireBoolean(value: Json | undefined): void {
  if (typeof value !== 'boolean' && !/^(?:true|false)$/i.test(text(value) ?? ''))
    throw new ScimError(400, 'active is true or false', 'invalidValue')
}

/** The last name that operations give a user; undefined: they give none. */
export function userNameIn(operations: readonly Json[]): string | undefined {
  const names = operations.filter(isObject).flatMap(({ op, path, value }) => {
    if (/^remove$/i.test(text(op) ?? '')) return []
    return path === 'userName' ? [text(value)] : isObject(value) ? [text(value.userName)] : []
  })
  return names.filter((name) => name !== undefined).at(-1)
}
