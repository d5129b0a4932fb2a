import { isObject, text, type JsonObject } from '@catena/domain'
import { listResponse } from './discovery.js'
import type { ResourceType, ScimDoor } from './door.js'
import { parseFilter, parsePage, type Filter } from './filter.js'
import { ScimReader, type GroupResource, type UserResource } from './read.js'
import { notFound, ScimError } from './scim-error.js'
import { ScimWriter } from './write.js'

export interface ListQuery {
  readonly filter?: string | undefined
  readonly startIndex?: string | undefined
  readonly count?: string | undefined
  readonly excludedAttributes?: string | undefined
}

/** Most operations of one PATCH. Clients send some dozens; one operation can name thousands of members. */
const OPERATIONS_MAX = 1_000

/** SCIM 2.0 for one source (RFC 7644): what a client says becomes a record, what it asks is folded from them. Throws ScimError. */
export class ScimService {
  private readonly reader: ScimReader
  private readonly writer: ScimWriter

  constructor(private readonly door: ScimDoor) {
    this.reader = new ScimReader(door)
    this.writer = new ScimWriter(door)
  }

  async list(type: ResourceType, query: ListQuery): Promise<object> {
    const [filter, page] = [parseFilter(query.filter), parsePage(query.startIndex, query.count)]
    const withMembers = !(query.excludedAttributes ?? '').split(',').includes('members')
    const found: readonly object[] =
      type === 'User' ? await this.findUsers(filter) : await this.findGroups(filter, withMembers)
    const from = page.startIndex - 1
    return listResponse(found.slice(from, from + page.count), found.length, page.startIndex)
  }

  async get(type: ResourceType, id: string, excludedAttributes = ''): Promise<object> {
    const withMembers = !excludedAttributes.split(',').includes('members')
    const found = type === 'User' ? await this.reader.user(id) : await this.reader.group(id, withMembers)
    if (found === undefined) throw notFound(id)
    return found
  }

  create(type: ResourceType, body: JsonObject): Promise<{ id: string } & object> {
    return this.writer.alone(async () => {
      const name = required(body, type === 'User' ? 'userName' : 'displayName')
      if (type === 'User' && (await this.reader.usersNamed(name)).length > 0)
        throw new ScimError(409, `a user with the userName ${name} exists`, 'uniqueness')
      const id = this.door.newId()
      await this.writer.write(type, 'create', id, body)
      return { ...(await this.shown(type, id)), id }
    })
  }

  replace(type: ResourceType, id: string, body: JsonObject): Promise<object> {
    return this.change(type, id, async () => {
      required(body, type === 'User' ? 'userName' : 'displayName')
      await this.writer.write(type, 'replace', id, body)
    })
  }

  patch(type: ResourceType, id: string, body: JsonObject): Promise<object> {
    return this.change(type, id, async () => {
      const operations = body.Operations ?? body.operations
      if (!Array.isArray(operations) || !operations.every(isObject))
        throw new ScimError(400, 'a PATCH has a list of Operations', 'invalidSyntax')
      if (operations.length > OPERATIONS_MAX)
        throw new ScimError(413, `a PATCH may have at most ${OPERATIONS_MAX} operations: name many members in one of them, or send several requests`) // prettier-ignore
      if (!operations.every(({ op }) => /^(?:add|replace|remove)$/i.test(text(op) ?? '')))
        throw new ScimError(400, 'op is add, replace or remove', 'invalidSyntax')
      if (!operations.every(namesAttributes))
        throw new ScimError(400, 'an operation names its attribute in path, or has an object of attributes as its value', 'invalidSyntax') // prettier-ignore
      if (type === 'Group' && !operations.every(namesMembers))
        throw new ScimError(400, 'members are removed by their ids: members[value eq "…"], or a list of values', 'invalidFilter') // prettier-ignore
      await this.writer.write(type, 'patch', id, body)
    })
  }

  delete(type: ResourceType, id: string): Promise<void> {
    return this.writer.alone(async () => {
      await this.get(type, id, 'members')
      await this.writer.write(type, 'delete', id)
    })
  }

  private change(type: ResourceType, id: string, write: () => Promise<void>): Promise<object> {
    return this.writer.alone(async () => {
      await this.get(type, id, 'members')
      await write()
      return this.shown(type, id)
    })
  }

  /** Stored, even where no projector shows it yet. */
  private async shown(type: ResourceType, id: string): Promise<object> {
    const shown = type === 'User' ? await this.reader.user(id) : await this.reader.group(id)
    return shown ?? { id }
  }

  private async findUsers(filter: Filter | undefined): Promise<UserResource[]> {
    if (filter?.attribute === 'userName') return this.reader.usersNamed(filter.value)
    if (filter?.attribute === 'id') return [await this.reader.user(filter.value)].filter((user) => user !== undefined)
    const users = await this.reader.users()
    return filter === undefined ? users : users.filter((user) => fits(user, filter))
  }

  private async findGroups(filter: Filter | undefined, withMembers: boolean): Promise<GroupResource[]> {
    if (filter?.attribute === 'id')
      return [await this.reader.group(filter.value, withMembers)].filter((group) => group !== undefined)
    const groups = await this.reader.groups(withMembers)
    return filter === undefined ? groups : groups.filter((group) => fits(group, filter))
  }
}

/** RFC 7644 section 3.5.2: without a path the value's members are the attributes. */
function namesAttributes({ path, value }: JsonObject): boolean {
  if (typeof path === 'string') return true
  return (path === undefined || path === null) && (value === undefined || isObject(value))
}

/** Another filter would need what is not kept of members, and without one all of them would go. */
function namesMembers({ op, path, value }: JsonObject): boolean {
  const filtered = text(op)?.toLowerCase() === 'remove' && /^(?:urn:[^ ]*:)?members\[/i.test(text(path) ?? '')
  return !filtered || value !== undefined || /value eq "[^"]+"/i.test(text(path) ?? '')
}

/** externalId is exact, names are in any case (RFC 7643 section 4). */
function fits(resource: object, { attribute, value }: Filter): boolean {
  const own = (resource as Readonly<Record<string, unknown>>)[attribute]
  if (typeof own !== 'string') return false
  return attribute === 'externalId' ? own === value : own.toLowerCase() === value.toLowerCase()
}

function required(body: JsonObject, name: string): string {
  const value = text(body[name])
  if (value === undefined) throw new ScimError(400, `${name} is required`, 'invalidValue')
  return value
}
