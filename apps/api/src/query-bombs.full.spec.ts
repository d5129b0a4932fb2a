import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { asCaller } from '@catena/testing'
import { getIntrospectionQuery } from 'graphql'
import { heapBytes } from '../../../test/attacks/memory.js'
import { startRecordedApi, type RecordedApi } from '../test/recorded-api.js'

jest.setTimeout(60_000)

const MIB = 1024 * 1024
/** Of the answer to any bomb, bytes: nobody makes Catena say much with little. */
const ANSWER_MAX = 256 * 1024
const TIME_MAX_MS = 3_000

let api: RecordedApi
beforeAll(async () => {
  api = await startRecordedApi()
}, 120_000)
afterAll(() => api.stop())

interface Blast {
  readonly status: number
  readonly codes: readonly string[]
  readonly text: string
}

let callers = 0
/** Each by a caller of its own, so that none is refused for what another asked. Never a fault, never slow, never much. */
async function blast(body: unknown): Promise<Blast> {
  const began = performance.now()
  const headers = { 'content-type': 'application/json', ...asCaller({ id: `person:${callers++}` }) }
  const sent = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await fetch(`${api.url}/graphql`, { method: 'POST', headers, body: sent })
  const text = await response.text()
  const took = performance.now() - began
  expect([text.slice(0, 300), response.status < 500, took < TIME_MAX_MS]).toEqual([text.slice(0, 300), true, true])
  expect(text).not.toMatch(/"INTERNAL"|UNAVAILABLE|node_modules|at \w+ \(/)
  expect(text.length).toBeLessThan(ANSWER_MAX)
  return { status: response.status, text, codes: [...text.matchAll(/"code":"(\w+)"/g)].map(([, code]) => code ?? '') }
}

const names = (count: number) => Array.from({ length: count }, (_, n) => n)
const REFUSED = ['QUERY_TOO_LARGE', 'PAGE_TOO_LARGE', 'GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_PARSE_FAILED', 'BAD_USER_INPUT', 'BAD_REQUEST', 'TOO_MANY_REQUESTS'] // prettier-ignore
const chains = (args: string) => ['a', 'b', 'c', 'd'].map((name) => `${name}: chains${args} { edges { node { findings { __typename } fact { evidence { position } } right { evidence { position } } path { links { by evidence { position } } } } } }`).join(' ') // prettier-ignore
const lists = (args: string) => `{ evidence { credentials${args} { edges { node { ${chains(args)} } } } } }`
const introspect = (levels: number) => `{ __schema { types { ${'fields { type { '.repeat(levels)}name${' } }'.repeat(levels)} } } }` // prettier-ignore

const BOMBS: readonly (readonly [string, string])[] = [
  ['21 levels', `{ __type(name: "Evidence") { ${'ofType { '.repeat(20)}name${' }'.repeat(20)} } }`],
  ['21 levels, by fragments', `{ __type(name: "Evidence") { ...f0 } } ${names(20).map((n) => `fragment f${n} on __Type { ofType { ...f${n + 1} } }`).join(' ')} fragment f20 on __Type { name }`],
  ['4,001 tokens', `{ evidence { ${'cut '.repeat(3_995)} } }`],
  ['51 aliases in 51 fragments', `{ evidence { ${names(51).map((n) => `...f${n}`).join(' ')} } } ${names(51).map((n) => `fragment f${n} on Evidence { a${n}: cut }`).join(' ')}`],
  ['51 aliases in inline fragments', `{ evidence { ${names(51).map((n) => `... on Evidence { a${n}: cut }`).join(' ')} } }`],
  ['one fragment of two aliases spread 26 times in aliases', `{ ${names(26).map((n) => `e${n}: evidence { ...f }`).join(' ')} } fragment f on Evidence { a: cut b: cut }`],
  ['a fragment in itself', '{ evidence { ...a } } fragment a on Evidence { cut ...a }'],
  ['a fragment in itself below a field', '{ evidence { credentials { edges { node { ...a } } } } } fragment a on Credential { chains { edges { node { credential { ...a } } } } }'],
  ['a circle of 300 fragments', `{ evidence { ...f0 } } ${names(300).map((n) => `fragment f${n} on Evidence { ...f${(n + 1) % 300} }`).join(' ')}`],
  ['fragments that double 200 times', `{ evidence { ...f0 } } ${names(200).map((n) => `fragment f${n} on Evidence { ...f${n + 1} ...f${n + 1} }`).join(' ')} fragment f200 on Evidence { cut }`],
  ['fragments that double under a list', `{ evidence { credentials(first: 100) { edges { node { ...f0 } } } } } ${names(30).map((n) => `fragment f${n} on Credential { ...f${n + 1} ...f${n + 1} }`).join(' ')} fragment f30 on Credential { id }`],
  ['lists in lists', lists('(first: 100)')],
  ['a page of a million', '{ evidence { retrievals(first: 1000000) { edges { cursor } } } }'],
  ['a page of more than a number can say', `{ evidence { retrievals(first: ${'9'.repeat(400)}) { edges { cursor } } } }`],
  ['a page of minus one', '{ evidence { retrievals(first: -1) { edges { cursor } } } }'],
  ['introspection of types of fields of types of fields', introspect(4)],
  ['introspection, deeper', introspect(9)],
  ['introspection by possible types and interfaces', `{ __schema { types { ${'possibleTypes { interfaces { '.repeat(4)}name${' } }'.repeat(4)} } } }`],
  ['introspection by fragments', `{ __schema { types { ...f0 } } } ${names(5).map((n) => `fragment f${n} on __Type { fields { type { ...f${n + 1} } } }`).join(' ')} fragment f5 on __Type { name }`],
  ['one directive 900 times', `{ evidence { cut ${'@skip(if: false) '.repeat(600)} } }`],
  ['unknown directives', `{ evidence { cut ${names(1_900).map((n) => `@a${n}`).join(' ')} } }`],
  ['unknown fields', `{ evidence { ${names(3_900).map((n) => `x${n}`).join(' ')} } }`],
  ['unknown arguments', `{ evidence { retrievals(${names(1_200).map((n) => `fist${n}: 1`).join(' ')}) { edges { cursor } } } }`],
  ['unused variables', `query(${names(900).map((n) => `$v${n}: Int`).join(' ')}) { evidence { cut } }`],
  ['conflicts', `{ evidence { ${names(450).map((n) => `a: retrievals(first: ${n + 1}) { edges { cursor } }`).join(' ')} } }`],
  ['a list of lists in an argument', `{ evidence { records(positions: ${'['.repeat(1_900)}${']'.repeat(1_900)}) { position } } }`],
  ['an object of objects in an argument', `{ evidence { credentials(filter: ${'{search: '.repeat(900)}"x"${'}'.repeat(900)}) { edges { cursor } } } }`],
  ['more records than may be asked for', `{ evidence { records(positions: [${names(3_000).join(' ')}]) { position } } }`],
  ['a subscription', 'subscription { evidence { cut } }'],
] // prettier-ignore

describe('a query that asks for much with little', () => {
  it.each(BOMBS)('by %s is refused, at once and in few words', async (_, query) => {
    const { codes, text } = await blast({ query })
    expect([text.slice(0, 300), codes.some((code) => REFUSED.includes(code))]).toEqual([text.slice(0, 300), true])
    expect(text).not.toMatch(/"cursor":"|"position":"/)
  })

  it.each<[string, string]>([
    ['the same field 1,900 times', `{ evidence { ${'cut '.repeat(1_900)} } }`],
    ['the same object 700 times', `{ ${'evidence { cut } '.repeat(700)} }`],
    ['1,200 inline fragments in each other', `{ evidence { ${'... { '.repeat(1_200)}cut${' }'.repeat(1_200)} } }`],
    ['800 operations', names(600).map((n) => `query q${n} { evidence { cut } }`).join(' ')],
    ['1,000 comments and a long name', `${'#\n'.repeat(1_000)} query ${'n'.repeat(100_000)} { evidence { cut } }`],
  ])('by %s is answered as what it is, or refused', async (_, query) => {
    const { text, codes } = await blast({ query, operationName: query.startsWith('query q0') ? 'q0' : undefined })
    expect([text.slice(0, 200), codes.length > 0 || text.length < 1_000]).toEqual([text.slice(0, 200), true])
  }) // prettier-ignore

  it('by lists whose length is a variable, or the default of one, is priced by that length', async () => {
    const query = (declared: string) => `query($n: ${declared}) ${lists('(first: $n)')}`
    for (const body of [{ query: query('Int'), variables: { n: 100 } }, { query: query('Int = 100') }, { query: query('Int! = 100') }])
      expect((await blast(body)).codes).toContain('QUERY_TOO_LARGE')
    expect((await blast({ query: query('Int'), variables: { n: 2 } })).codes).not.toContain('QUERY_TOO_LARGE')
  }) // prettier-ignore

  it('is what GraphiQL asks for the schema not taken for', async () => {
    const response = await api.ask(getIntrospectionQuery())
    expect(response.errors).toBeUndefined()
  })
})

describe('a batch', () => {
  it.each([
    ['of one', 1],
    ['of a thousand', 1_000],
  ])('%s guesses is refused as a whole, and nothing of it runs', async (_, count) => {
    const head = await api.ledger.head()
    const guess = (n: number) => ({ query: `mutation { revokeApiToken(id: "${n}", reason: "x") { __typename } }` })
    const { status, codes } = await blast(names(count).map(guess))
    expect([status, codes]).toEqual([400, ['BAD_REQUEST']])
    expect(await api.ledger.head()).toBe(head)
  })

  it('of guesses under aliases is refused above 50, and nothing of it runs', async () => {
    const issue = (n: number) =>
      `a${n}: issueApiToken(input: { name: "n${n}", role: EXPORT, expiresAt: "2027-01-01T00:00:00Z" }) { __typename }`
    const revoke = (n: number) => `a${n}: revokeApiToken(id: "${n}", reason: "x") { __typename }`
    for (const one of [issue, revoke]) {
      const decisions = await api.ledger.readDecisions(0, 1_000)
      const { codes } = await blast({ query: `mutation { ${names(51).map(one).join(' ')} }` })
      expect(codes.some((code) => REFUSED.includes(code))).toBe(true)
      expect(await api.ledger.readDecisions(0, 1_000)).toHaveLength(decisions.length)
    }
    const { codes } = await blast({ query: `mutation { ${names(51).map(revoke).join(' ')} }` })
    expect(codes).toEqual(['QUERY_TOO_LARGE'])
  })

  it('is not kept under a hash to be asked for again', async () => {
    for (const query of [`{ ${names(60).map((n) => `a${n}: evidence { cut }`).join(' ')} }`, '{ evidence { cut } }']) {
      const persistedQuery = { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') }
      await blast({ query, extensions: { persistedQuery } })
      const { text, codes } = await blast({ extensions: { persistedQuery } })
      expect([text.includes('PersistedQueryNotSupported'), codes]).toEqual([true, ['BAD_USER_INPUT']])
    }
  }) // prettier-ignore
})

describe('variables that are large', () => {
  const records = 'query($p: [Position!]!) { evidence { records(positions: $p) { position } } }'

  it.each<[string, object]>([
    ['a list of 30,000 places', { query: records, variables: { p: names(30_000).map(String) } }],
    ['a list of 30,000 ids to release', { query: 'mutation($i: [Position!]!) { releaseQuarantined(ids: $i) { id outcome } }', variables: { i: names(30_000).map(String) } }],
    ['a list of 50,000 wrong values', { query: records, variables: { p: names(50_000).map(() => null) } }],
    ['a list of 20,000 items to decide', { query: 'mutation($i: [String!]!) { commentReviewItems(items: $i, text: "x") { __typename } }', variables: { i: names(20_000).map((n) => `i-${n}`) } }],
  ])('%s is refused, in few words', async (_, body) => {
    const { text, codes } = await blast(body)
    expect([text.slice(0, 200), codes.length > 0 || text.includes('__typename')]).toEqual([text.slice(0, 200), true])
    expect(text.length).toBeLessThan(64 * 1024)
  }) // prettier-ignore

  it.each<[string, string]>([
    ['lists', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['objects', `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`],
  ])('nested 40,000 deep as %s are refused, or not looked at', async (_, deep) => {
    for (const type of ['[Position!]!', 'String', 'PrincipalFilter'])
      await blast(`{"query":"query($p: ${type}) { evidence { cut } }","variables":{"p":${deep}}}`)
    await blast(`{"query":"{ evidence { cut } }","extensions":${deep}}`)
  })
})

it('all of it again and again leaves the memory as it was', async () => {
  const all = async () => {
    for (const [, query] of BOMBS) await blast({ query })
  }
  await all()
  const before = heapBytes()
  for (let round = 0; round < 4; round++) await all()
  expect(heapBytes() - before).toBeLessThan(20 * MIB)
})
