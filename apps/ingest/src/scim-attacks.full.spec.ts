/* eslint @typescript-eslint/no-unsafe-assignment: off, @typescript-eslint/no-unsafe-member-access: off, @typescript-eslint/no-unsafe-argument: off -- an answer has the shape of its request */
import { connect } from 'node:net'
import { makeKey } from '@catena/domain'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { startScimEndpoint, type Answer, type ScimEndpoint } from '../test/scim-endpoint.js'

jest.setTimeout(60_000)

let scim: ScimEndpoint
let ann: string
let stranger: string
beforeAll(async () => {
  scim = await startScimEndpoint()
  ann = (await scim.ask('POST', 'Users', { userName: 'ann@acme.example', title: 'Engineer' })).body.id
  stranger = (await scim.ask('POST', 'Users', { userName: 'eve@partner.example' }, 'partner', 'partner')).body.id
}, 60_000)
afterAll(() => scim.stop())

const patch = (...Operations: object[]) => ({ Operations })
const found = (filter: string, more = '') => scim.ask('GET', `Users?filter=${encodeURIComponent(filter)}${more}`)
const faults = (answers: readonly Answer[]) => answers.filter(({ status }) => status >= 500)

describe('a filter', () => {
  it.each([
    `userName eq "x' OR '1'='1"`,
    `userName eq "x'; DROP TABLE event; --"`,
    'userName eq "%"',
    'userName eq "___@acme.example"',
    'userName eq "ann@acme.example\\u0000"',
    'userName eq "\\ud800"',
    'userName eq "x" or userName pr',
    'userName eq "x") or (title pr',
    'userName pr',
    'userName sw ""',
    'not (userName eq "x")',
    'password eq "x"',
    'title eq "Engineer"',
    'emails[type eq "work"].value eq "x"',
    'constructor eq "x"',
    '__proto__ eq "x"',
    'userName eq "unfinished',
    'userName eq "a" eq "a"',
    `userName eq "${'\\\\'.repeat(1_000)}`,
    `${' '.repeat(3_000)}userName eq`,
    `${'urn:'.repeat(1_500)}userName eq "x"`,
  ])('%s finds nobody', async (filter) => {
    const began = performance.now()
    const { status, body } = await found(filter)
    expect([200, 400]).toContain(status)
    expect(body.totalResults ?? 0).toBe(0)
    if (status === 400) expect(body.scimType).toBe('invalidFilter')
    expect(performance.now() - began).toBeLessThan(1_000)
  })

  it('that is longer than an address may be is refused before it is read', async () => {
    for (const filter of [`userName eq "${'\\\\'.repeat(3_000)}`, `${' '.repeat(6_000)}userName eq`]) {
      const url = `${scim.url}/scim/hr/Users?filter=${encodeURIComponent(filter)}`
      expect((await fetch(url, { headers: { authorization: 'Bearer client' } })).status).toBe(431)
    }
  })

  it('finds by what it says, so that finding nobody means something', async () => {
    expect((await found('userName eq "ann@acme.example"')).body.totalResults).toBe(1)
  })

  it('that is given twice or as an object is refused, and widens nothing', async () => {
    for (const query of [
      'filter=userName+eq+"x"&filter=userName+eq+"y"',
      'excludedAttributes=a&excludedAttributes=b',
      'count=1&count=2',
    ])
      // prettier-ignore
      expect([query, (await scim.ask('GET', `Users?${query}`)).status]).toEqual([query, 400])
  })

  it.each(['-1', '0', '1e308', 'NaN', '9'.repeat(400), '0x10', 'null', ''])(
    'has pages within bounds: %s',
    async (n) => {
      const { status, body } = await scim.ask('GET', `Users?startIndex=${n}&count=${n}`)
      expect([200, 400]).toContain(status)
      expect(body.Resources?.length ?? 0).toBeLessThanOrEqual(200)
    },
  )
})

describe('a body that sets what is not its to set', () => {
  const storedSince = async (head: number) => (await scim.ledger.read(head, 10)).map(({ type, payload, source }) => ({ type, source, payload: JSON.parse(String(payload)) })) // prettier-ignore

  it('creates somebody new under an id of ours, now, as what was asked for', async () => {
    const head = await scim.ledger.head()
    const body = `{"id":"${ann}","userName":"mass@acme.example","at":"1999-01-01T00:00:00Z","operation":"delete","resourceType":"Group","source":"partner","meta":{"location":"http://evil.example"},"roles":[{"value":"admin"}],"entitlements":["x"],"password":"synthetic-passphrase-9","__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}`
    const { status, body: created } = await scim.ask('POST', 'Users', body)
    expect([status, created.id === ann, created.meta.location]).toEqual([201, false, `/scim/hr/Users/${created.id}`])
    const [stored] = await storedSince(head)
    expect(stored).toMatchObject({
      type: 'User.create',
      source: 'hr',
      payload: { operation: 'create', id: created.id },
    })
    expect(Date.parse(stored?.payload.at)).toBeGreaterThan(Date.now() - 60_000)
    expect(JSON.stringify([stored, created])).not.toMatch(/admin|passphrase|evil|entitlements/i)
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
  })

  it('changes the resource of the address, not the one that it names', async () => {
    const other = (await scim.ask('POST', 'Users', { userName: 'other@acme.example' })).body.id
    const before = (await scim.ask('GET', `Users/${ann}`)).body
    await scim.ask('PUT', `Users/${other}`, { id: ann, userName: 'taken-over@acme.example', active: false })
    await scim.ask('PATCH', `Users/${other}`, patch(
      { op: 'replace', path: 'id', value: ann },
      { op: 'replace', path: 'meta.location', value: 'http://evil.example' },
      { op: 'add', value: { id: ann, roles: ['admin'], schemas: ['evil'] } },
    )) // prettier-ignore
    expect((await scim.ask('GET', `Users/${ann}`)).body).toEqual(before)
    expect((await scim.ask('GET', `Users/${other}`)).body).toMatchObject({ id: other, userName: 'taken-over@acme.example', meta: { location: `/scim/hr/Users/${other}` } }) // prettier-ignore
  })

  it('leaves no password behind, whatever the way it is said', async () => {
    const head = await scim.ledger.head()
    const secret = 'synthetic-passphrase-7'
    const answers = [
      await scim.ask('PUT', `Users/${ann}`, { userName: 'ann@acme.example', PassWord: secret }),
      await scim.ask('PATCH', `Users/${ann}`, patch({ op: 'replace', path: 'password', value: secret })),
      await scim.ask('PATCH', `Users/${ann}`, patch({ op: 'add', value: { password: secret, x: { password: secret } } })), // prettier-ignore
      await scim.ask('PATCH', `Users/${ann}`, patch({ op: 'add', path: 'urn:ietf:params:scim:schemas:core:2.0:User:password', value: { value: secret } })), // prettier-ignore
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(JSON.stringify([answers, await storedSince(head)])).not.toContain('passphrase')
  })
})

describe('a huge or twisted request', () => {
  const members = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, n) => ({ value: `m-${from + n}` }))

  it('of one PATCH has at most a thousand operations, and says so', async () => {
    const id = (await scim.ask('POST', 'Groups', { displayName: 'Many' })).body.id
    const operations = (count: number) => members(0, count).map(({ value }) => ({ op: 'remove', path: `members[value eq "${value}"]` }))
    const head = await scim.ledger.head()
    const refused = await scim.ask('PATCH', `Groups/${id}`, patch(...operations(1_001)))
    expect([refused.status, refused.body.detail]).toEqual([413, expect.stringContaining('at most 1000 operations')])
    expect(await scim.ledger.head()).toBe(head)
    expect((await scim.ask('PATCH', `Groups/${id}`, patch(...operations(1_000)))).status).toBe(200)
  }) // prettier-ignore

  it('that names twenty thousand members costs what each of them costs', async () => {
    const time = async (count: number) => {
      const id = (await scim.ask('POST', 'Groups', { displayName: `Of ${count}` })).body.id
      const began = performance.now()
      const answer = await scim.ask('PATCH', `Groups/${id}`, patch({ op: 'add', path: 'members', value: members(0, count) })) // prettier-ignore
      expect([answer.status, answer.body.members?.length]).toEqual([200, count])
      return performance.now() - began
    }
    await time(1_000)
    // Four times as many: were it by their square, sixteen times as long.
    const [few, many] = [await time(5_000), await time(20_000)]
    expect(many / few).toBeLessThan(10)
  })

  it('of text that never ends is read once', async () => {
    const began = performance.now()
    const quotes = '\\"'.repeat(450_000)
    for (const body of [`{"userName":"${quotes}`, `{"userName":"${'x'.repeat(1_000_000)}`, '"'.repeat(1_000_001)])
      expect((await scim.ask('POST', 'Users', body)).status).toBe(400)
    expect(performance.now() - began).toBeLessThan(3_000)
  })

  it.each<[string, () => string]>([
    ['more than a mebibyte', () => JSON.stringify({ userName: 'x'.repeat(1_100_000) })],
    ['a hundred thousand levels', () => `{"userName":"deep@acme.example","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['objects in objects', () => `{"userName":"deep@acme.example","x":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`],
    ['brackets without end', () => '['.repeat(1_000_000)],
    ['a list', () => '[]'],
    ['no UTF-8', () => '{"userName":"\\ud800"}'],
    ['nothing', () => ''],
    ['operations that are none', () => '{"Operations":[null,1,"x"]}'],
    ['an operation of another name', () => '{"Operations":[{"op":"__proto__"}]}'],
  ])('of %s is refused, or taken, and never a fault', async (_, body) => {
    const answers = await Promise.all([scim.ask('POST', 'Users', body()), scim.ask('PUT', `Users/${ann}`, body()), scim.ask('PATCH', `Users/${ann}`, body())]) // prettier-ignore
    expect(faults(answers)).toEqual([])
    expect(answers.every(({ type }) => type?.startsWith('application/scim+json'))).toBe(true)
    expect(JSON.stringify(answers)).not.toMatch(/node_modules|at \w+ \(|SELECT /)
    expect((await scim.ask('GET', 'Users?count=1')).status).toBe(200)
  }) // prettier-ignore

  it.each(['gzip', 'deflate', 'br'])('is not unpacked: %s', async (encoding) => {
    const headers = { authorization: 'Bearer client', 'content-encoding': encoding }
    const bomb = Buffer.concat([Buffer.from('1f8b0800', 'hex'), Buffer.alloc(900_000)])
    expect((await fetch(`${scim.url}/scim/hr/Users`, { method: 'POST', headers, body: bomb })).status).toBe(400)
  })

  it('that its client gives up in the middle leaves nothing and takes nobody down', async () => {
    const head = await scim.ledger.head()
    const { port } = new URL(scim.url)
    const socket = connect(Number(port), '127.0.0.1')
    socket.write(
      'POST /scim/hr/Users HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer client\r\nContent-Length: 1000\r\n\r\n{"userName"',
    )
    await new Promise((resolve) => setTimeout(resolve, 100))
    socket.destroy()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect((await scim.ask('GET', 'Users?count=1')).status).toBe(200)
    expect(await scim.ledger.head()).toBe(head)
  })
})

describe('the resource of another source', () => {
  it('is not found by its id, nor changed, nor deleted, with a token that may deliver for both', async () => {
    const answers = [
      await scim.ask('GET', `Users/${stranger}`),
      await scim.ask('PUT', `Users/${stranger}`, { userName: 'x@acme.example' }),
      await scim.ask('PATCH', `Users/${stranger}`, patch({ op: 'replace', value: { active: false } })),
      await scim.ask('DELETE', `Users/${stranger}`),
    ]
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404])
    expect((await found(`id eq "${stranger}"`)).body.totalResults).toBe(0)
    expect((await found('userName eq "eve@partner.example"')).body.totalResults).toBe(0)
    expect((await scim.ask('GET', `Users/${stranger}`, undefined, 'partner', 'partner')).body.active).toBe(true)
  })

  it('becomes no member and no manager of it by its id', async () => {
    await scim.ask('POST', 'Groups', { displayName: 'Admins', members: [{ value: stranger }] })
    await scim.ask('PATCH', `Users/${ann}`, patch({ op: 'add', path: 'manager', value: stranger }))
    const theirs = await scim.directory('scim/partner')
    expect(await theirs.membersOf('Admins', Date.now())).toEqual([])
    const person = makeKey('person', 'scim/partner', stranger)
    const entry = (await theirs.entries([person], Date.now())).get(person)
    expect(entry).toMatchObject({ employment: { state: 'active' } })
    expect(entry?.manager).toBeUndefined()
  })
})

describe('an address with tricks in it', () => {
  /** As it is written, which `fetch` would tidy. */
  function raw(path: string, token: string, method = 'GET', body = ''): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      let text = ''
      const socket = connect(Number(new URL(scim.url).port), '127.0.0.1')
      socket.on('data', (piece) => (text += String(piece))).once('error', reject)
      socket.once('close', () => resolve({ status: Number(text.split(' ')[1]), text }))
      socket.write(`${method} ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`) // prettier-ignore
    })
  }

  it.each([
    '/scim/partner/../hr/Users',
    '/scim/partner/%2e%2e/hr/Users',
    '/scim/partner%2F..%2Fhr/Users',
    '/scim/hr%00partner/Users',
    '/scim/hr;partner/Users',
    '/scim/hr%3Fpartner/Users',
    '/scim/hr/Users?source=partner',
    '/scim/hr/Users#partner',
    '//scim//hr//Users',
    '/SCIM/hr/Users',
    '/scim/HR/Users',
    '/scim/partner/Users/..%2F..%2Fhr%2FUsers',
    '/scim/__proto__/Users',
  ])('%s shows nothing of a source to who may not deliver for it', async (path) => {
    const { status, text } = await raw(path, 'partner')
    expect([400, 401, 404]).toContain(status)
    expect(text).not.toMatch(/acme\.example|node_modules|at \w+ \(/)
  })

  it.each(['constructor', '__proto__', 'toString', 'Users%2F', 'users', 'Users%00', 'Bulk', 'Me', '.search', 'Users/.search'])(
    'there is no resource %s, to read or to write',
    async (type) => {
      const head = await scim.ledger.head()
      const body = '{"userName":"trick@acme.example","displayName":"trick"}'
      expect((await raw(`/scim/hr/${type}`, 'client', 'POST', body)).status).toBe(404)
      expect((await raw(`/scim/hr/${type}`, 'client')).status).toBe(404)
      expect(await scim.ledger.head()).toBe(head)
    },
  ) // prettier-ignore

  it.each(['..', '%2e%2e', `..%2f..%2fpartner%2fUsers`, '%00', '*', '%25', 'a%3Ab', '%F0%9F%98%80', 'x'.repeat(5_000)])(
    'there is no user %s', async (id) => {
      for (const method of ['GET', 'DELETE', 'PUT'])
        expect([400, 404, 405]).toContain((await raw(`/scim/hr/Users/${id}`, 'client', method, '{"userName":"x"}')).status)
    },
  ) // prettier-ignore
})

describe('a token that is for something else', () => {
  it('reads and writes nothing, and what was refused to somebody known is recorded', async () => {
    for (const token of ['auditor', 'puller', 'partner', 'nobody', '', 'client extra'])
      for (const [method, path, body] of [
        ['GET', 'Users', undefined],
        ['GET', `Users/${ann}`, undefined],
        ['GET', 'Schemas', undefined],
        ['POST', 'Users', { userName: `by-${token}@acme.example` }],
        ['DELETE', `Users/${ann}`, undefined],
      ] as const) {
        const answer = await scim.ask(method, path, body, token)
        expect([token, method, path, answer.status]).toEqual([token, method, path, 401])
        expect(JSON.stringify(answer.body)).not.toContain('acme.example')
      }
    expect((await scim.ask('GET', `Users/${ann}`)).status).toBe(200)
    const denied = await scim.ledger.readDecisions(0, 1_000)
    expect([...new Set(denied.map(({ type, actor }) => `${type} ${actor}`))].sort()).toEqual([
      'AuthorizationDenied machine:2',
      'AuthorizationDenied machine:3',
      'AuthorizationDenied person:1',
    ])
  })
})
