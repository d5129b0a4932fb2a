import { isObject, text, type Json, type JsonObject } from '@catena/domain'
import { CORE, ENTERPRISE } from './schema.js'

/** What a request says of a user; null: taken away; absent: not spoken of. */
export interface UserChange {
  readonly userName?: string
  readonly externalId?: string | null
  readonly email?: string | null
  readonly displayName?: string | null
  readonly title?: string | null
  readonly department?: string | null
  readonly manager?: string | null
  readonly active?: boolean
}

/** What a request says of a group. */
export interface GroupChange {
  readonly displayName?: string
  /** Whole: whoever is not named is no member. */
  readonly isWhole: boolean
  readonly members: readonly string[]
  readonly removed: readonly string[]
}

/** A resource as a create or a replace states it: what a replace leaves out is taken away. */
export function userIn(body: JsonObject, isReplace: boolean): UserChange {
  const enterprise = isObject(body[ENTERPRISE]) ? body[ENTERPRISE] : {}
  const or = (value: string | undefined): string | null | undefined => value ?? (isReplace ? null : undefined)
  return stated({
    userName: text(body.userName),
    externalId: or(text(body.externalId)),
    email: or(emailIn(body.emails)),
    displayName: or(text(body.displayName) ?? nameIn(body.name)),
    title: or(text(body.title)),
    department: or(text(enterprise.department)),
    manager: or(managerIn(enterprise.manager)),
    active: booleanIn(body.active),
  })
}

/** Operations of a PATCH, in order: a later one wins. Dialects: Okta sends objects without a path, Entra ID paths, capitals and texts for booleans. */
export function patchedUser(operations: readonly Json[]): UserChange {
  let change: UserChange = {}
  for (const { path, value, isRemoval, isAddition } of operations.map(readOperation)) {
    const values = path === undefined ? valuesIn(value, isRemoval) : { [path]: isRemoval ? null : (value ?? null) }
    for (const [name, each] of Object.entries(values))
      change = { ...change, ...attribute(name, each ?? null, isAddition) }
  }
  return change
}

interface Operation {
  readonly path: string | undefined
  readonly value: Json | undefined
  readonly isRemoval: boolean
  readonly isAddition: boolean
}

function readOperation(operation: Json): Operation {
  if (!isObject(operation)) return { path: undefined, value: undefined, isRemoval: false, isAddition: false }
  const [path, op] = [text(operation.path), text(operation.op)?.toLowerCase()]
  return { path, value: operation.value, isRemoval: op === 'remove', isAddition: op === 'add' }
}

/** Attributes of an operation without a path. A removal says nothing so: it would name in its path what it removes. */
function valuesIn(value: Json | undefined, isRemoval: boolean): JsonObject {
  return isObject(value) && !isRemoval ? value : {}
}

/** Attributes may be named with their schema before them (RFC 7644 section 3.10). */
const SCHEMA = new RegExp(`^(?:${CORE}:(?:User|Group)|${ENTERPRISE})[:.]?`, 'i')

/** One attribute by its name or path; case does not matter (RFC 7643 section 2.1). */
function attribute(path: string, value: Json, isAddition: boolean): UserChange {
  const name = path.replace(SCHEMA, '').toLowerCase()
  if (name === '' && isObject(value))
    return Object.entries(value).reduce<UserChange>(
      (change, [key, each]) => ({ ...change, ...attribute(key, each ?? null, isAddition) }),
      {},
    )
  switch (true) {
    case name === 'username':
      return stated({ userName: text(value) })
    case name === 'externalid':
      return { externalId: text(value) ?? null }
    case name.startsWith('emails'):
      return emailChange(name, value, isAddition)
    case name === 'displayname' || name === 'name.formatted':
      return { displayName: text(value) ?? null }
    case name === 'title':
      return { title: text(value) ?? null }
    case name === 'department':
      return { department: text(value) ?? null }
    case name === 'manager' || name === 'manager.value':
      return { manager: managerIn(value) ?? null }
    case name === 'active':
      return stated({ active: booleanIn(value) })
    default:
      return {}
  }
}

const EMAIL_PATH = /^emails(?:\[([^\]]*)\])?(?:\.(\w+))?$/

/** Filters of the one address that counts. Whether any other one, as by its value, means that one cannot be told from the request. */
const COUNTING = /^\s*(?:type\s+eq\s+"work"|primary\s+eq\s+"?true"?)\s*$/

/** What is said of the one address that counts: of a private one beside it, and of what an address is called, nothing is. */
function emailChange(path: string, value: Json, isAddition: boolean): UserChange {
  const [isRead, filter, member] = EMAIL_PATH.exec(path) ?? []
  if (isRead === undefined || (member !== undefined && member !== 'value')) return {}
  if (filter !== undefined && !COUNTING.test(filter)) return {}
  const address = text(value) ?? emailIn(isAddition ? manyOf(value).filter(isForWork) : value)
  return isAddition ? stated({ email: address }) : { email: address ?? null }
}

/** Primary, for work, or of no stated type. */
function isForWork(email: Json): boolean {
  if (!isObject(email)) return false
  const type = text(email.type)?.toLowerCase()
  return email.primary === true || type === undefined || type === 'work'
}

export function groupIn(body: JsonObject): GroupChange {
  return {
    ...stated({ displayName: text(body.displayName) }),
    isWhole: true,
    members: memberIds(body.members),
    removed: [],
  }
}

/** Sets: a request can hold tens of thousands of operations, and each must cost the same. */
interface GroupDraft {
  displayName: string | undefined
  isWhole: boolean
  members: Set<string>
  removed: Set<string>
}

/** In order: whoever is added after a removal is a member. */
export function patchedGroup(operations: readonly Json[]): GroupChange {
  const draft: GroupDraft = { displayName: undefined, isWhole: false, members: new Set(), removed: new Set() }
  for (const operation of operations.filter(isObject)) {
    const { path: named, value, isRemoval } = readOperation(operation)
    const path = named?.replace(SCHEMA, '')
    if (path === undefined) takeValues(draft, valuesIn(value, isRemoval), text(operation.op))
    else if (/^displayName$/i.test(path)) draft.displayName = text(value) ?? draft.displayName
    else if (/^members$/i.test(path))
      if (isRemoval) remove(draft, [], value)
      else add(draft, value, text(operation.op))
    else if (/^members\[/i.test(path) && isRemoval) removeById(draft, path)
  }
  const { displayName, isWhole, members, removed } = draft
  return { ...stated({ displayName }), isWhole, members: [...members], removed: [...removed] }
}

function takeValues(draft: GroupDraft, value: JsonObject, op: string | undefined): void {
  draft.displayName = text(value.displayName) ?? draft.displayName
  if (value.members !== undefined) add(draft, value.members, op)
}

function add(draft: GroupDraft, value: Json | undefined, op: string | undefined): void {
  if (op?.toLowerCase() === 'replace') clear(draft)
  for (const member of memberIds(value)) {
    draft.members.add(member)
    draft.removed.delete(member)
  }
}

/** `members[value eq "…"]`. What a path says otherwise, of their types or of parts of them, is not who is removed: it says nothing. */
function removeById(draft: GroupDraft, path: string): void {
  const ids = [...path.matchAll(/value\s+eq\s+"([^"]+)"/gi)].map(([, member]) => member ?? '')
  if (ids.length > 0 && path.endsWith(']')) remove(draft, ids, undefined)
}

/** Those of these ids and of a list of values, or, with neither, all of them. */
function remove(draft: GroupDraft, ids: readonly string[], value: Json | undefined): void {
  const gone = [...ids, ...memberIds(value)]
  if (gone.length === 0) clear(draft)
  for (const member of gone) {
    draft.members.delete(member)
    draft.removed.add(member)
  }
}

/** From here on, whoever is not named is no member. */
function clear(draft: GroupDraft): void {
  draft.isWhole = true
  draft.members.clear()
  draft.removed.clear()
}

function memberIds(value: Json | undefined): string[] {
  const ids = manyOf(value).map((member) => (isObject(member) ? text(member.value) : text(member)))
  return [...new Set(ids.filter((id) => id !== undefined))]
}

/** The primary address, else that of work, else the first. */
function emailIn(value: Json | undefined): string | undefined {
  const emails = manyOf(value).filter(isObject)
  const chosen =
    emails.find(({ primary }) => primary === true) ?? emails.find(({ type }) => type === 'work') ?? emails[0]
  return text(chosen?.value)
}

function nameIn(name: Json | undefined): string | undefined {
  if (!isObject(name)) return undefined
  const [given, family] = [text(name.givenName), text(name.familyName)]
  return text(name.formatted) ?? (given === undefined || family === undefined ? undefined : `${given} ${family}`)
}

/** An id, an object with one, or, of older clients, a list of such. An empty text takes the manager away. */
function managerIn(value: Json | undefined): string | undefined {
  const [first] = manyOf(value)
  const id = isObject(first) ? text(first.value) : text(first)
  return id
}

function manyOf(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value]
}

function booleanIn(value: Json | undefined): boolean | undefined {
  if (typeof value === 'boolean') return value
  const word = text(value)?.toLowerCase()
  return word === 'true' ? true : word === 'false' ? false : undefined
}

function stated<T extends object>(values: { [K in keyof T]: T[K] | undefined }): {
  [K in keyof T]: Exclude<T[K], undefined>
} {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never
}
