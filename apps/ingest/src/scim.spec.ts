/* eslint @typescript-eslint/no-unsafe-assignment: off, @typescript-eslint/no-unsafe-member-access: off, @typescript-eslint/no-unsafe-call: off, @typescript-eslint/no-unsafe-return: off -- an answer has the shape of its request */
import { setTimeout as sleep } from 'node:timers/promises'
import { makeKey } from '@catena/domain'
import { recipientsOf } from '@catena/runtime'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startScimEndpoint, type ScimEndpoint } from '../test/scim-endpoint.js'

let scim: ScimEndpoint
beforeAll(async () => {
  scim = await startScimEndpoint()
}, 60_000)
afterAll(() => scim.stop())

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const patch = (...Operations: object[]) => ({ schemas: [PATCH], Operations })
const person = (id: string) => makeKey('person', 'scim/acme', id)

/** Body of a create as Okta documents it. */
const oktaUser = (login: string, more: object = {}) => ({
  schemas: [USER],
  userName: login,
  name: { givenName: 'Test', familyName: 'User' },
  emails: [{ primary: true, value: login, type: 'work' }],
  displayName: 'Test User',
  locale: 'en-US',
  externalId: `00u-${login}`,
  groups: [],
  password: 'synthetic-passphrase-1',
  active: true,
  ...more,
})

/** Body of a create as Entra ID documents it. */
const entraUser = (upn: string) => ({
  schemas: [USER, ENTERPRISE],
  externalId: upn.split('@')[0],
  userName: upn,
  active: true,
  displayName: 'lennay',
  emails: [{ primary: true, type: 'work', value: upn }],
  meta: { resourceType: 'User' },
  name: { formatted: 'Adrian Ritchie', familyName: 'Ritchie', givenName: 'Adrian' },
})

const create = async (type: string, body: object): Promise<string> =>
  (await scim.ask('POST', type, body)).body.id as string

describe('a provisioning client of Okta', () => {
  it('R3.3 finds nobody, creates the user, and finds it by userName in any case', async () => {
    const none = await scim.ask(
      'GET',
      'Users?filter=userName%20eq%20%22okta.one%40acme.example%22&startIndex=1&count=100',
    )
    expect(none).toMatchObject({ status: 200, body: { totalResults: 0, Resources: [] } })
    const created = await scim.ask('POST', 'Users', oktaUser('okta.one@acme.example'))
    expect(created).toMatchObject({
      status: 201,
      type: expect.stringContaining('application/scim+json'),
      body: { active: true, userName: 'okta.one@acme.example', meta: { resourceType: 'User' } },
    })
    const found = await scim.ask('GET', 'Users?filter=userName%20eq%20%22Okta.One%40acme.example%22')
    expect(found.body).toMatchObject({
      totalResults: 1,
      Resources: [{ id: created.body.id, externalId: '00u-okta.one@acme.example' }],
    })
    expect(JSON.stringify(found.body)).not.toContain('synthetic-passphrase')
  })

  it('R4.1 deactivates by an operation without a path, and that is a leaver from then on', async () => {
    const id = await create('Users', oktaUser('okta.two@acme.example'))
    const before = await idleMoment()
    const answer = await scim.ask('PATCH', `Users/${id}`, patch({ op: 'replace', value: { active: false } }))
    expect(answer).toMatchObject({ status: 200, body: { id, active: false } })
    const directory = await scim.directory()
    const state = async (at: number) => (await directory.entries([person(id)], at)).get(person(id))?.employment.state
    expect(await state(before)).toBe('active')
    expect(await state(Date.now())).toBe('disabled')
    const [joined, disabled] = await directory.changesOf([person(id)], { from: 0, to: Infinity })
    expect([joined?.kind, disabled?.kind]).toEqual(['joined', 'disabled'])
  })

  it('replaces the whole user, and what it leaves out is taken away', async () => {
    const id = await create(
      'Users',
      oktaUser('okta.three@acme.example', { title: 'Engineer', [ENTERPRISE]: { department: 'Sales' } }),
    )
    expect((await scim.ask('GET', `Users/${id}`)).body).toMatchObject({
      title: 'Engineer',
      [ENTERPRISE]: { department: 'Sales' },
    })
    const { body } = await scim.ask('PUT', `Users/${id}`, {
      schemas: [USER],
      id,
      userName: 'okta.three@acme.example',
      active: true,
    })
    expect(body.title).toBeUndefined()
    expect(body[ENTERPRISE]).toBeUndefined()
  })

  it('R3.3 changes members of a group by its operations', async () => {
    const [one, two] = [
      await create('Users', oktaUser('m1@acme.example')),
      await create('Users', oktaUser('m2@acme.example')),
    ]
    const id = await create('Groups', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      displayName: 'On call',
      members: [{ value: one, display: 'm1' }],
    })
    const between = await idleMoment()
    const { body } = await scim.ask(
      'PATCH',
      `Groups/${id}`,
      patch(
        { op: 'remove', path: `members[value eq "${one}"]` },
        { op: 'add', path: 'members', value: [{ value: two, display: 'm2' }] },
      ),
    )
    expect(body.members.map(({ value }: { value: string }) => value)).toEqual([two])
    const directory = await scim.directory()
    expect((await directory.membersOf('On call', between)).map((one_) => one_.person)).toEqual([person(one)])
    expect((await directory.membersOf('on call', Date.now())).map((one_) => one_.person)).toEqual([person(two)])
  })
})

describe('a provisioning client of Entra ID', () => {
  it('R3.3 sets manager and department by paths, and takes the manager away again', async () => {
    const boss = await create('Users', entraUser('boss@acme.example'))
    const id = await create('Users', entraUser('entra.one@acme.example'))
    const set = await scim.ask(
      'PATCH',
      `Users/${id}`,
      patch(
        { op: 'Add', path: `${ENTERPRISE}:manager`, value: boss },
        { op: 'Replace', path: `${ENTERPRISE}:department`, value: 'Finance' },
      ),
    )
    expect(set.body[ENTERPRISE]).toEqual({ department: 'Finance', manager: { value: boss } })
    const between = await idleMoment()
    const gone = await scim.ask('PATCH', `Users/${id}`, patch({ op: 'Remove', path: `${ENTERPRISE}:manager` }))
    expect(gone.body[ENTERPRISE]).toEqual({ department: 'Finance' })
    const directory = await scim.directory()
    const managerAt = async (at: number) => (await directory.entries([person(id)], at)).get(person(id))?.manager?.person
    expect(await managerAt(between)).toBe(person(boss))
    expect(await managerAt(Date.now() + 1)).toBeUndefined()
  })

  it('R4.1 disables with a capital operation and a text for the boolean', async () => {
    const id = await create('Users', entraUser('entra.two@acme.example'))
    const { body } = await scim.ask('PATCH', `Users/${id}`, patch({ op: 'Replace', path: 'active', value: 'False' }))
    expect(body.active).toBe(false)
    const again = await scim.ask(
      'PATCH',
      `Users/${id}`,
      patch({ op: 'Replace', value: { active: 'True', 'name.givenName': 'Ada' } }),
    )
    expect(again.body.active).toBe(true)
  })

  it('changes the work address by a path with a filter', async () => {
    const id = await create('Users', entraUser('entra.three@acme.example'))
    const { body } = await scim.ask(
      'PATCH',
      `Users/${id}`,
      patch({ op: 'Replace', path: 'emails[type eq "work"].value', value: 'updated@acme.example' }),
    )
    expect(body.emails).toEqual([{ value: 'updated@acme.example', type: 'work', primary: true }])
  })

  it('R3.3 adds and removes members by lists of values, and asks for a group without its members', async () => {
    const id = await create('Groups', {
      displayName: 'Readers',
      externalId: '8aa1a0c0',
      meta: { resourceType: 'Group' },
    })
    const member = await create('Users', entraUser('entra.four@acme.example'))
    await scim.ask(
      'PATCH',
      `Groups/${id}`,
      patch({ op: 'Add', path: 'members', value: [{ $ref: null, value: member }] }),
    )
    const whole = await scim.ask('GET', `Groups/${id}`)
    expect(whole.body.members).toEqual([{ value: member, display: '' }])
    expect((await scim.ask('GET', `Groups/${id}?excludedAttributes=members`)).body.members).toBeUndefined()
    const found = await scim.ask('GET', 'Groups?excludedAttributes=members&filter=displayName%20eq%20%22Readers%22')
    expect(found.body.Resources[0].id).toBe(id)
    const { body } = await scim.ask(
      'PATCH',
      `Groups/${id}`,
      patch({ op: 'Remove', path: 'members', value: [{ $ref: null, value: member }] }),
    )
    expect(body.members).toEqual([])
  })
})

describe('any client', () => {
  it('R7.1 leaves one record for each thing it said, and no password in any', async () => {
    const head = await scim.ledger.head()
    const id = await create('Users', oktaUser('recorded@acme.example'))
    await scim.ask('GET', `Users/${id}`)
    await scim.ask('DELETE', `Users/${id}`)
    const events = await scim.ledger.read(head, 100)
    expect(events.map(({ type }) => type)).toEqual(['User.create', 'User.delete'])
    expect(events.map(({ payload }) => String(payload)).join()).not.toContain('synthetic-passphrase')
    expect((await scim.ask('GET', `Users/${id}`)).status).toBe(404)
    expect((await scim.ask('DELETE', `Users/${id}`)).status).toBe(404)
  })

  it('is told what exists already, what is missing, and what no filter understands', async () => {
    await create('Users', oktaUser('twice@acme.example'))
    expect(await scim.ask('POST', 'Users', oktaUser('Twice@acme.example'))).toMatchObject({
      status: 409,
      body: { scimType: 'uniqueness', status: '409' },
    })
    expect((await scim.ask('POST', 'Users', { schemas: [USER] })).body).toMatchObject({
      status: '400',
      detail: 'userName is required',
    })
    expect((await scim.ask('POST', 'Users', '{"userName":')).body).toMatchObject({ scimType: 'invalidSyntax' })
    expect((await scim.ask('GET', 'Users?filter=title%20co%20%22x%22')).body).toMatchObject({
      scimType: 'invalidFilter',
    })
    const known = await create('Users', oktaUser('known@acme.example'))
    for (const value of ['Winter2026!', ['Winter2026!']])
      expect(await scim.ask('PATCH', `Users/${known}`, patch({ op: 'replace', value }))).toMatchObject({
        status: 400,
        body: { scimType: 'invalidSyntax' },
      })
    expect((await scim.ask('PATCH', `Users/${known}`, patch({ op: 'replace', path: null, value: {} }))).status).toBe(
      200,
    )
    const group = await create('Groups', { displayName: 'Filtered', members: [{ value: known }] })
    const byName = patch({ op: 'remove', path: 'members[display eq "Bo"]' })
    expect(await scim.ask('PATCH', `Groups/${group}`, byName)).toMatchObject({
      status: 400,
      body: { scimType: 'invalidFilter' },
    })
    expect((await scim.ask('GET', `Groups/${group}`)).body.members).toEqual([{ value: known, display: '' }])
    expect((await scim.ask('PATCH', 'Users/nobody', patch({ op: 'replace', value: {} }))).status).toBe(404)
  })

  it('of which two create one user at once, one is refused', async () => {
    const both = await Promise.all([1, 2].map(() => scim.ask('POST', 'Users', oktaUser('race@acme.example'))))
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409])
  })

  it('pages through users from 1', async () => {
    const all = (await scim.ask('GET', 'Users')).body
    const page = (await scim.ask('GET', 'Users?startIndex=2&count=2')).body
    expect(page).toMatchObject({ totalResults: all.totalResults, startIndex: 2, itemsPerPage: 2 })
    expect(page.Resources).toEqual(all.Resources.slice(1, 3))
    expect((await scim.ask('GET', 'Users?count=0')).body).toMatchObject({
      totalResults: all.totalResults,
      Resources: [],
    })
  })

  it('finds what the endpoint can do', async () => {
    expect((await scim.ask('GET', 'ServiceProviderConfig')).body).toMatchObject({
      patch: { supported: true },
      bulk: { supported: false },
      filter: { supported: true },
    })
    expect((await scim.ask('GET', 'ResourceTypes')).body.Resources.map(({ id }: { id: string }) => id)).toEqual([
      'User',
      'Group',
    ])
    expect((await scim.ask('GET', `Schemas/${ENTERPRISE}`)).body).toMatchObject({ name: 'EnterpriseUser' })
  })

  it('R7.2 is answered by every process with what keeps answers from running, framing and being kept', async () => {
    const { headers } = await fetch(`${scim.url}/scim/hr/Users`, { headers: { authorization: 'Bearer client' } })
    expect(['x-content-type-options', 'cache-control', 'x-powered-by'].map((name) => headers.get(name))).toEqual(['nosniff', 'no-store', null]) // prettier-ignore
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it('needs a machine token with the role ingest', async () => {
    expect((await scim.ask('GET', 'Users', undefined, 'nobody')).status).toBe(401)
    expect((await scim.ask('GET', 'Users', undefined, 'auditor')).status).toBe(401)
  })
})

describe('a PATCH', () => {
  let group: string
  let one: string
  let two: string
  beforeAll(async () => {
    one = await create('Users', oktaUser('kept.one@acme.example'))
    two = await create('Users', oktaUser('kept.two@acme.example'))
    group = await create('Groups', { displayName: 'Kept', members: [{ value: one }, { value: two }] })
  })
  const members = async () => (await scim.ask('GET', `Groups/${group}`)).body.members.map(({ value }: { value: string }) => value).sort() // prettier-ignore

  it.each<[string, (id: string) => object, string]>([
    ['removes, and names in no path what', (id) => ({ op: 'remove', value: { members: [{ value: id }] } }), 'noTarget'],
    ['removes members by something else than their ids', () => ({ op: 'remove', path: 'members[display eq "kept.one"]' }), 'invalidFilter'],
    ['removes all members but one', (id) => ({ op: 'remove', path: `members[value ne "${id}"]` }), 'invalidFilter'],
    ['removes a part of a member', (id) => ({ op: 'remove', path: `members[value eq "${id}"].display` }), 'invalidPath'],
    ['replaces a part of a member', (id) => ({ op: 'replace', path: `members[value eq "${id}"].display`, value: 'Ann' }), 'invalidPath'],
    ['removes a list of nobody', () => ({ op: 'remove', path: 'members', value: [] }), 'invalidValue'],
    ['replaces members by nothing that is said', () => ({ op: 'replace', path: 'members' }), 'invalidValue'],
    ['names members by another name than value', (id) => ({ op: 'replace', path: 'members', value: [{ id }] }), 'invalidValue'],
    ['has such members in its value', (id) => ({ op: 'replace', value: { members: [{ id }] } }), 'invalidValue'],
  ])('R3.3 that %s is refused, and the group stays as it is', async (_, operation, scimType) => {
    const head = await scim.ledger.head()
    expect(await scim.ask('PATCH', `Groups/${group}`, patch(operation(one)))).toMatchObject({ status: 400, body: { scimType } })
    expect(await scim.ledger.head()).toBe(head)
    expect(await members()).toEqual([one, two].sort())
  }) // prettier-ignore

  it('R3.3 removes several members by their ids, in whatever case and schema the path is written', async () => {
    const path = `urn:ietf:params:scim:schemas:core:2.0:Group:Members[value eq "${one}" or value eq "${two}"]`
    expect((await scim.ask('PATCH', `Groups/${group}`, patch({ op: 'remove', path }))).status).toBe(200)
    expect(await members()).toEqual([])
  })

  it.each([
    { op: 'replace', path: `${USER}:active`, value: false },
    { op: 'replace', path: 'Active', value: false },
    { op: 'replace', value: { Active: 'False' } },
    { op: 'replace', value: { [`${USER}:active`]: false } },
  ])('R4.1 deactivates by %j', async (operation) => {
    const id = await create('Users', oktaUser(`off.${String(Math.random()).slice(2)}@acme.example`))
    expect((await scim.ask('PATCH', `Users/${id}`, patch(operation))).body.active).toBe(false)
  })

  it.each(['no', 0, ['False'], { value: false }, ''])('R4.1 that sets active to %j is refused: nobody stays active unheard', async (value) => {
    expect(await scim.ask('PATCH', `Users/${one}`, patch({ op: 'replace', path: 'active', value }))).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } })
    expect((await scim.ask('PUT', `Users/${one}`, oktaUser('kept.one@acme.example', { active: value }))).status).toBe(400)
  }) // prettier-ignore

  it('R4.1 that says which address is the primary one takes no address away', async () => {
    const id = await create('Users', oktaUser('primary@acme.example'))
    const operations = [
      { op: 'replace', path: 'emails[type eq "work"].primary', value: true },
      { op: 'replace', path: 'emails[type eq "work"].type', value: 'work' },
    ]
    const { body } = await scim.ask('PATCH', `Users/${id}`, patch(...operations))
    expect(body.emails).toEqual([{ value: 'primary@acme.example', type: 'work', primary: true }])
  })

  it('R4.1 or a PUT gives nobody the name of another, and one may keep its own', async () => {
    const id = await create('Users', oktaUser('mine@acme.example'))
    const taken = 'Kept.Two@acme.example'
    const renamings = [
      await scim.ask('PUT', `Users/${id}`, oktaUser(taken)),
      await scim.ask('PATCH', `Users/${id}`, patch({ op: 'replace', path: 'userName', value: taken })),
      await scim.ask('PATCH', `Users/${id}`, patch({ op: 'replace', value: { userName: taken } })),
    ]
    expect(renamings.map(({ status, body }) => [status, body.scimType])).toEqual(Array.from({ length: 3 }, () => [409, 'uniqueness'])) // prettier-ignore
    expect((await scim.ask('GET', `Users/${id}`)).body.userName).toBe('mine@acme.example')
    expect((await scim.ask('PUT', `Users/${id}`, oktaUser('Mine@acme.example'))).status).toBe(200)
  })
})

describe('whom a message goes to', () => {
  const recipient = async (id: string) =>
    (await recipientsOf(scim.reader, ['scim/acme'], Date.now)([person(id)])).get(person(id))

  it('R6.4 is nobody whose address was taken away, and the old one is told no more', async () => {
    const id = await create('Users', oktaUser('reached@acme.example'))
    expect(await recipient(id)).toMatchObject({ email: 'reached@acme.example', hasLeft: false })
    const { body } = await scim.ask('PATCH', `Users/${id}`, patch({ op: 'remove', path: 'emails' }))
    expect(body.emails).toBeUndefined()
    expect(await recipient(id)).toMatchObject({ email: undefined })
    await scim.ask('PUT', `Users/${id}`, oktaUser('reached@acme.example'))
    expect((await scim.ask('PUT', `Users/${id}`, { userName: 'reached@acme.example' })).body.emails).toBeUndefined()
    expect(await recipient(id)).toMatchObject({ email: undefined })
  })

  it('R4.1 R6.4 is nobody who has left', async () => {
    const id = await create('Users', oktaUser('leaver@acme.example'))
    await scim.ask('PATCH', `Users/${id}`, patch({ op: 'replace', value: { active: false } }))
    expect(await recipient(id)).toMatchObject({ hasLeft: true })
  })
})

/** A millisecond in which nothing happens: after what was before, and before what follows. */
async function idleMoment(): Promise<number> {
  await sleep(5)
  const moment = Date.now()
  await sleep(5)
  return moment
}
