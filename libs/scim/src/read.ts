import { FactDirectory, statementsOf, textAt } from '@catena/directory'
import { issuerScope, makeKey, valueOf, type Activity, type Instant, type Key } from '@catena/domain'
import type { ResourceType, ScimDoor } from './door.js'
import { ENTERPRISE, GROUP, USER } from './discovery.js'

/** Resources that are read and folded together for a list. */
const FOLDED_TOGETHER = 500
/** As things stand: after everything that was told, ms. */
const END_OF_TIME = 8.64e15

export interface UserResource {
  readonly schemas: readonly string[]
  readonly id: string
  readonly userName: string
  readonly externalId?: string
  readonly active: boolean
}

export interface GroupResource {
  readonly schemas: readonly string[]
  readonly id: string
  readonly displayName: string
  readonly members?: readonly { readonly value: string; readonly display: string }[]
}

/** Which of all, in the order of their keys; `startIndex` from 1. */
export interface Wanted {
  readonly startIndex: number
  readonly count: number
  /** Counts only whom it fits. */
  readonly fits: (resource: object) => boolean
}

/** One page, and how many there are in all. */
export interface Listed<T> {
  readonly resources: readonly T[]
  readonly total: number
}

/** Users and groups as they stand now: what was told of them, folded. */
export class ScimReader {
  private readonly system: string

  constructor(private readonly door: ScimDoor) {
    this.system = issuerScope('scim', door.source.scope)
  }

  async user(id: string): Promise<UserResource | undefined> {
    const [user] = await this.usersOf([makeKey('person', this.system, id)])
    return user
  }

  async usersNamed(userName: string): Promise<UserResource[]> {
    const name = makeKey('person-name', this.system, userName.toLowerCase())
    const facts = await this.facts([name], 'describes')
    const persons = new Set((facts.get(name) ?? []).flatMap((fact) => keysOf(fact, 'person:')))
    const users = await this.usersOf([...persons].sort())
    return users.filter((user) => user.userName.toLowerCase() === userName.toLowerCase())
  }

  users(wanted: Wanted): Promise<Listed<UserResource>> {
    return this.list('person', wanted, (keys) => this.usersOf(keys))
  }

  async group(id: string, withMembers = true): Promise<GroupResource | undefined> {
    const [group] = await this.groupsOf([makeKey('group', this.system, id)], withMembers)
    return group
  }

  /** Who is in a group is read of those on the page alone. */
  async groups(wanted: Wanted, withMembers: boolean): Promise<Listed<GroupResource>> {
    const { resources, total } = await this.list('group', wanted, (keys) => this.groupsOf(keys, false))
    if (!withMembers) return { resources, total }
    const keys = resources.map(({ id }) => makeKey('group', this.system, id))
    return { resources: await this.groupsOf(keys, true), total }
  }

  /** Who is gone is known once they are folded, so all are; no more of them is held at a time than is folded together. */
  private async list<T extends object>(
    namespace: 'person' | 'group',
    { startIndex, count, fits }: Wanted,
    fold: (keys: readonly Key[]) => Promise<readonly T[]>,
  ): Promise<Listed<T>> {
    const resources: T[] = []
    let total = 0
    for await (const keys of this.keys(namespace))
      for (const resource of await fold(keys)) {
        if (!fits(resource)) continue
        total += 1
        if (total >= startIndex && resources.length < count) resources.push(resource)
      }
    return { resources, total }
  }

  /** When the newest was told of it; undefined: nothing was. */
  async toldAt(type: ResourceType, id: string): Promise<Instant | undefined> {
    const [namespace, verb] = type === 'User' ? (['person', 'describes'] as const) : (['group', 'relates'] as const)
    const key = makeKey(namespace, this.system, id)
    const told = (await this.facts([key], verb)).get(key) ?? []
    return told.length === 0 ? undefined : Math.max(...told.map(({ occurredAt }) => occurredAt))
  }

  private async usersOf(persons: readonly Key[]): Promise<UserResource[]> {
    const facts = await this.facts(persons, 'describes')
    return persons.flatMap((person) => {
      const told = facts.get(person) ?? []
      return isGone(told, 'deleted') ? [] : [userOf(person, told, this.door.base)]
    })
  }

  private async groupsOf(groups: readonly Key[], withMembers: boolean): Promise<GroupResource[]> {
    const facts = await this.facts(groups, 'relates')
    const directory = new FactDirectory(this.door.reader.index(await this.door.reader.asOf()), [this.system])
    const found: GroupResource[] = []
    for (const group of groups) {
      const told = facts.get(group) ?? []
      if (isGone(told, 'groupDeleted')) continue
      const members = withMembers ? await directory.membersOf(group, END_OF_TIME) : undefined
      found.push({
        schemas: [GROUP],
        id: valueOf(group),
        displayName: textAt(told, 'groupName', END_OF_TIME) ?? '',
        ...(members === undefined
          ? {}
          : { members: members.map(({ person }) => ({ value: valueOf(person), display: '' })) }),
        ...meta('Group', `${this.door.base}/Groups/${valueOf(group)}`),
      })
    }
    return found
  }

  private async *keys(namespace: 'person' | 'group'): AsyncGenerator<readonly Key[]> {
    const asOf = await this.door.reader.asOf()
    const filter = { namespaces: [namespace] as const, search: `${namespace}:${this.system}:` }
    let after: readonly string[] | undefined
    do {
      const page = await this.door.reader.principals(asOf, filter, {
        limit: FOLDED_TOGETHER,
        ...(after === undefined ? {} : { after }),
      })
      yield page.items.map(({ item }) => item.key)
      after = page.hasMore ? page.items.at(-1)?.place : undefined
    } while (after !== undefined)
  }

  private async facts(keys: readonly Key[], verb: 'describes' | 'relates'): Promise<Map<Key, readonly Activity[]>> {
    const index = this.door.reader.index(await this.door.reader.asOf())
    return index.factsBy(keys.map((key) => ({ key })), verb) // prettier-ignore
  }
}

function userOf(person: Key, told: readonly Activity[], base: string): UserResource {
  const value = (name: string): string | undefined => textAt(told, name, END_OF_TIME)
  const [email, manager, department] = [value('email'), value('manager'), value('department')]
  const enterprise = {
    ...(department === undefined ? {} : { department }),
    ...(manager === undefined ? {} : { manager: { value: valueOf(manager as Key) } }),
  }
  const isEnterprise = Object.keys(enterprise).length > 0
  return {
    schemas: isEnterprise ? [USER, ENTERPRISE] : [USER],
    id: valueOf(person),
    userName: value('username') ?? '',
    ...Object.fromEntries(
      ['externalId', 'displayName', 'title'].flatMap((name) =>
        value(name) === undefined ? [] : [[name, value(name)]],
      ),
    ),
    active: statementsOf(told, 'enabled').at(-1)?.value !== false,
    ...(email === undefined ? {} : { emails: [{ value: email, type: 'work', primary: true }] }),
    ...(isEnterprise ? { [ENTERPRISE]: enterprise } : {}),
    ...meta('User', `${base}/Users/${valueOf(person)}`),
  }
}

/** Nothing was told of it, or the last word is that it was deleted. */
function isGone(told: readonly Activity[], attribute: string): boolean {
  return told.length === 0 || told.some((fact) => fact.attributes[attribute] === true)
}

function meta(resourceType: string, location: string): object {
  return { meta: { resourceType, location } }
}

function keysOf(fact: Activity, prefix: string): Key[] {
  return fact.groups.flatMap(({ forms }) => forms.map(({ key }) => key)).filter((key) => key.startsWith(prefix))
}
