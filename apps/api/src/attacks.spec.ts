import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { asCaller, asRole } from '@catena/testing'
import { aimDocuments } from '../../../test/malformed/aim-documents.js'
import { shoot } from '../../../test/malformed/shoot.js'
import { startRecordedApi, type GraphAnswer, type RecordedApi } from '../test/recorded-api.js'

jest.setTimeout(120_000)

let api: RecordedApi
beforeAll(async () => {
  api = await startRecordedApi()
}, 120_000)
afterAll(() => api.stop())

const codeOf = ({ errors }: GraphAnswer) => errors?.[0]?.extensions.code

describe('a query that asks for too much', () => {
  const names = (count: number) => Array.from({ length: count }, (_, n) => n)

  it.each<[string, string]>([
    [
      'by 1,000 aliases',
      `{ ${names(1_000)
        .map((n) => `a${n}: evidence { cut }`)
        .join(' ')} }`,
    ],
    [
      'by 51 aliases',
      `{ evidence { ${names(51)
        .map((n) => `a${n}: cut`)
        .join(' ')} } }`,
    ],
    ['by 50 levels', `{ __schema { types { ${'fields { type { '.repeat(25)} name ${'} }'.repeat(25)} } } }`],
    ['by circular fragments', '{ evidence { ...a } } fragment a on Evidence { ...b } fragment b on Evidence { ...a }'],
    [
      'by a bomb of fragments',
      `{ evidence { ...f0 } } ${names(60)
        .map((n) => `fragment f${n} on Evidence { ...f${n + 1} ...f${n + 1} }`)
        .join(' ')} fragment f60 on Evidence { cut }`,
    ],
    [
      'by asking again and again for what takes all that is known',
      `{ evidence { ${names(49)
        .map((n) => `a${n}: joinability(days: ${n + 1}) { truncated }`)
        .join(' ')} } }`,
    ],
    ['by a million items', '{ evidence { retrievals(first: 1000000) { edges { cursor } } } }'],
    ['by text without end', `{ evidence { ${'cut '.repeat(5_000)} } }`],
  ])('%s is refused before anything is looked up', async (_, query) => {
    let code: string | undefined
    const statements = await api.statementsOf(async () => (code = codeOf(await api.ask(query))))
    expect(['QUERY_TOO_LARGE', 'PAGE_TOO_LARGE', 'GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_PARSE_FAILED']).toContain(code)
    expect(statements).toBe(0)
  })

  it('by lists in lists is refused as soon as they are too many together', async () => {
    const query =
      '{ evidence { credentials(first: 100) { edges { node { chains(first: 100) { edges { node { fact { evidence { position } } right { evidence { position type source stream payload } approvals { at } } end { evidence { position type source stream payload } } effect { evidence { position type source stream payload } } path { links { state words by evidence { position type source stream payload } } } } } } } } } } }'
    const path = ['evidence', 'credentials', 'edges', 10, 'node', 'chains']
    expect(await api.ask(query)).toMatchObject({ data: null, errors: [{ path, extensions: { code: 'PAGE_TOO_LARGE' } }] }) // prettier-ignore
  })

  it('again and again in one minute is refused, and others are not', async () => {
    const greedy = asCaller({ id: 'person:greedy', roles: ['auditor'] })
    // Priced before it runs, near the most of one query, though there is nothing to find: of what each asks for, little is given back while it runs.
    const again = Array.from({ length: 30 }, (_, number) => `id${number}: id`).join(' ')
    const body = `{ evidence { credentials(first: 100, filter: { search: "nothing" }) { edges { node { chains(first: 100) { edges { node { ${again} path { state } actor { __typename } right { state } effect { state } end { state } } } } } } } } }`
    const codes = new Set<string | undefined>()
    for (let round = 0; round < 120 && !codes.has('TOO_MANY_REQUESTS'); round++)
      codes.add(codeOf(await api.ask(body, {}, greedy)))
    expect(codes).toContain('TOO_MANY_REQUESTS')
    expect(codeOf(await api.ask('{ evidence { cut } }', {}, asRole('auditor')))).toBeUndefined()
  })
})

describe('the schema', () => {
  it('is told to people and not to machines', async () => {
    const query = '{ __schema { queryType { name } } }'
    expect(codeOf(await api.ask(query, {}, asRole('reviewer')))).toBeUndefined()
    expect(codeOf(await api.ask(query, {}, asCaller({ id: 'machine:1', kind: 'machine', roles: ['auditor'] })))).toBe(
      'FORBIDDEN',
    )
  })

  it('is not guessed by machines from what an error takes for meant', async () => {
    const wrong = '{ evidenc { cut } evidence { recrd(position: 1) { position } } }'
    const told = async (headers: Record<string, string>) => (await api.ask(wrong, {}, headers)).errors?.map(({ message }) => message).join(' ') // prettier-ignore
    expect(await told(asRole('auditor'))).toContain('Did you mean "evidence"')
    const machine = await told(asCaller({ id: 'machine:1', kind: 'machine', roles: ['auditor'] }))
    expect(machine).toContain('Cannot query field "evidenc"')
    expect(machine).not.toMatch(/Did you mean|"evidence"|record/)
  })
})

describe('a cursor', () => {
  const list = (after: string, headers: Record<string, string>) =>
    api.ask(`{ evidence { retrievals(first: 2${after}) { edges { cursor } pageInfo { endCursor } } } }`, {}, headers)
  const endOf = ({ data }: GraphAnswer) =>
    (data as { evidence: { retrievals: { pageInfo: { endCursor: string } } } }).evidence.retrievals.pageInfo.endCursor
  const [alice, bruno] = [
    asCaller({ id: 'person:alice', roles: ['auditor'] }),
    asCaller({ id: 'person:bruno', roles: ['auditor'] }),
  ]

  it('leads only the caller on who was given it', async () => {
    const cursor = endOf(await list('', alice))
    expect(codeOf(await list(`, after: "${cursor}"`, alice))).toBeUndefined()
    expect(codeOf(await list(`, after: "${cursor}"`, bruno))).toBe('BAD_CURSOR')
  })

  it('that was made or changed by hand leads nowhere', async () => {
    const cursor = endOf(await list('', alice))
    const [inner = '', seal = ''] = cursor.split('.')
    const [version, name, cut, valid, at, fact] = JSON.parse(Buffer.from(inner, 'base64url').toString()) as unknown[]
    const other = Buffer.from(JSON.stringify([version, name, cut, valid, String(Number(at) - 1), fact])).toString(
      'base64url',
    )
    for (const forged of [
      inner,
      `${other}.${seal}`,
      other,
      `${inner}.`,
      `${inner}.${'A'.repeat(22)}`,
      `${inner}.${seal}x`,
    ])
      expect([forged, codeOf(await list(`, after: "${forged}"`, alice))]).toEqual([forged, 'BAD_CURSOR'])
  })
})

describe('text that would be code elsewhere', () => {
  const TEXTS = [
    "'; DROP TABLE event; --",
    "' OR '1'='1",
    '%',
    '_',
    '\\',
    '$1',
    '${7*7}',
    '{{7*7}}',
    '../../etc/passwd',
    '<script>',
    '\u0000',
    '\ud800',
    'a\r\nSet-Cookie: x=y',
    '\u001b[2J',
    'x'.repeat(20_000),
  ]
  const QUERIES = [
    'query($t: String!) { evidence { lookup(term: $t) { meanings { key } } } }',
    'query($t: String!) { evidence { credentials(filter: { search: $t, system: $t, container: $t }) { edges { node { id } } } } }',
    'query($t: String!) { evidence { principals(filter: { search: $t }) { edges { node { key } } } } }',
    'query($t: String!) { evidence { retrievals(filter: { source: $t, vault: $t }) { edges { node { id } } } } }',
    'query($t: ID!) { evidence { chain(factId: $t) { id } credential(id: $t) { id } } }',
    'query($t: String!) { evidence { quarantine(filter: { source: $t }) { edges { node { id } } } } }',
    'query($t: String!) { evidenceReads(filter: { caller: $t, shown: $t }) { edges { node { position } } } }',
    'mutation($t: ID!) { revokeApiToken(id: $t, reason: "x") { __typename } }',
  ] // prettier-ignore

  it.each(QUERIES)('is only text in %s', async (query) => {
    const head = await api.ledger.head()
    for (const t of TEXTS) {
      const answer = await api.ask(query, { t })
      expect([t.slice(0, 30), ['INTERNAL', 'UNAVAILABLE'].includes(codeOf(answer) ?? '')]).toEqual([
        t.slice(0, 30),
        false,
      ])
    }
    expect(await api.ledger.head()).toBeGreaterThanOrEqual(head)
    expect(api.log.some((line) => line.includes('\u001b[2J') || /^Set-Cookie/m.test(line))).toBe(false)
  })
})

describe('documents that are malformed', () => {
  it('are answered without a fault (seed 7)', async () => {
    const statuses = await shoot(aimDocuments, { url: api.url, headers: {} }, 400, 7)
    expect([...statuses.values()].reduce((sum, count) => sum + count, 0)).toBe(400)
    expect(statuses.get(400)).toBeGreaterThan(50)
    expect((await fetch(`${api.url}/health/live`)).status).toBe(200)
  })
})
