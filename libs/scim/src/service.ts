import { text, type Instant, type JsonObject } from '@catena/domain'
import { listResponse } from './discovery.js'
import type { ResourceType, ScimDoor } from './door.js'
import { parseFilter, parsePage, type Filter, type PageOf } from './filter.js'
import { inOwnNames } from './names.js'
import { operationsOf, requireValues, userNameIn } from './patch.js'
import { ScimReader, type Listed } from './read.js'
import { notFound, ScimError } from './scim-error.js'
import { ScimWriter } from './write.js'

export interface ListQuery {
  readonly filter?: string | undefined
  readonly startIndex?: string | undefined
  readonly count?: string | undefined
  readonly excludedAttributes?: string | undefined
}

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
    const { resources, total } = await this.found(type, filter, page, withMembers)
    return listResponse(resources, total, page.startIndex)
  }

  async get(type: ResourceType, id: string, excludedAttributes = ''): Promise<object> {
    const withMembers = !excludedAttributes.split(',').includes('members')
    const found = type === 'User' ? await this.reader.user(id) : await this.reader.group(id, withMembers)
    if (found === undefined) throw notFound(id)
    return found
  }

  create(type: ResourceType, sent: JsonObject): Promise<{ id: string } & object> {
    return this.writer.alone(async () => {
      const body = inOwnNames(sent)
      const name = required(body, type === 'User' ? 'userName' : 'displayName')
      requireValues(type, body)
      if (type === 'User') await this.requireFree(name)
      const id = this.door.newId()
      await this.writer.write(type, 'create', id, { body })
      return { ...(await this.shown(type, id)), id }
    })
  }

  replace(type: ResourceType, id: string, sent: JsonObject): Promise<object> {
    return this.change(type, id, async (toldAt) => {
      const body = inOwnNames(sent)
      const name = required(body, type === 'User' ? 'userName' : 'displayName')
      requireValues(type, body)
      if (type === 'User') await this.requireFree(name, id)
      await this.writer.write(type, 'replace', id, { body, ...toldAt })
    })
  }

  patch(type: ResourceType, id: string, body: JsonObject): Promise<object> {
    return this.change(type, id, async (toldAt) => {
      const operations = operationsOf(type, body)
      if (type === 'User') await this.requireFree(userNameIn(operations), id)
      await this.writer.write(type, 'patch', id, { body: { Operations: operations }, ...toldAt })
    })
  }

  delete(type: ResourceType, id: string): Promise<void> {
    return this.writer.alone(async () => {
      await this.get(type, id, 'members')
      await this.writer.write(type, 'delete', id, await this.toldAt(type, id))
    })
  }

  private change(
    type: ResourceType,
    id: string,
    write: (toldAt: { readonly toldAt?: Instant }) => Promise<void>,
  ): Promise<object> {
    return this.writer.alone(async () => {
      await this.get(type, id, 'members')
      await write(await this.toldAt(type, id))
      return this.shown(type, id)
    })
  }

  private async toldAt(type: ResourceType, id: string): Promise<{ readonly toldAt?: Instant }> {
    const toldAt = await this.reader.toldAt(type, id)
    return toldAt === undefined ? {} : { toldAt }
  }

  /** Nobody else is called so, in any case of its letters (RFC 7643 section 4.1.1). */
  private async requireFree(userName: string | undefined, own?: string): Promise<void> {
    const others = userName === undefined ? [] : await this.reader.usersNamed(userName)
    if (others.some(({ id }) => id !== own))
      throw new ScimError(409, `a user with the userName ${userName ?? ''} exists`, 'uniqueness')
  }

  /** Stored, even where no projector shows it yet. */
  private async shown(type: ResourceType, id: string): Promise<object> {
    const shown = type === 'User' ? await this.reader.user(id) : await this.reader.group(id)
    return shown ?? { id }
  }

  private async found(
    type: ResourceType,
    filter: Filter | undefined,
    page: PageOf,
    withMembers: boolean,
  ): Promise<Listed<object>> {
    const named = await this.named(type, filter, withMembers)
    if (named !== undefined) return pageOf(named, page)
    const wanted = { ...page, fits: (resource: object) => filter === undefined || fits(resource, filter) }
    return type === 'User' ? this.reader.users(wanted) : this.reader.groups(wanted, withMembers)
  }

  /** What a filter names by a key, so that nobody else need be read; undefined: all have to be looked through. */
  private async named(
    type: ResourceType,
    filter: Filter | undefined,
    withMembers: boolean,
  ): Promise<readonly object[] | undefined> {
    if (filter?.attribute === 'userName' && type === 'User') return this.reader.usersNamed(filter.value)
    if (filter?.attribute !== 'id') return undefined
    const { value: id } = filter
    const one = type === 'User' ? await this.reader.user(id) : await this.reader.group(id, withMembers)
    return one === undefined ? [] : [one]
  }
}

function pageOf(all: readonly object[], { startIndex, count }: PageOf): Listed<object> {
  return { resources: all.slice(startIndex - 1, startIndex - 1 + count), total: all.length }
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
