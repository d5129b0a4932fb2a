import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createServer } from 'node:net'
import { createApi } from './create-api.js'
import { startRecordedApi, post, type RecordedApi } from '../test/recorded-api.js'

let api: RecordedApi
beforeAll(async () => {
  api = await startRecordedApi({ later: /./ })
}, 120_000)
afterAll(() => api.stop())

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${api.url}${path}`, { headers })

describe('the address in a browser', () => {
  it('shows reviewers their work at /review, by a script of this server alone and nothing inline', async () => {
    const page = await get('/review')
    const html = await page.text()
    expect(page.headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    )
    expect(html).not.toMatch(/https?:\/\/|<script(?![^>]*src=)|style=|onclick|<form/)
    for (const asset of ['/review/review.js', '/review/review.css']) {
      expect(html).toContain(asset)
      expect([asset, (await get(asset)).status]).toEqual([asset, 200])
    }
  }, 60_000)

  it.each(['/', '/graphql'])(
    'shows GraphiQL at %s, from this server alone',
    async (path) => {
      const page = await get(path, { accept: 'text/html,application/xhtml+xml' })
      const html = await page.text()
      expect(page.headers.get('content-type')).toContain('text/html')
      expect(page.headers.get('content-security-policy')).toContain("script-src 'self';")
      expect(html).not.toMatch(/https?:\/\//)
      const assets = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, asset]) => asset ?? '')
      expect(assets).toEqual(['/graphiql/graphiql.css', '/graphiql/graphiql.js'])
      for (const asset of assets) {
        const response = await get(asset)
        expect(response.status).toBe(200)
        expect((await response.text()).length).toBeGreaterThan(100_000)
      }
    },
    30_000,
  )

  it('has the headers that keep answers from running, framing and being kept', async () => {
    const { headers } = await get('/health/live')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-powered-by')).toBeNull()
  })
})

describe('a request that a foreign page could send', () => {
  it.each([
    ['GET', undefined, undefined],
    ['POST', 'text/plain', '{"query":"{ evidence { cut } }"}'],
    ['POST', 'application/x-www-form-urlencoded', 'query={evidence{cut}}'],
  ])('%s %s is refused', async (method, type, body) => {
    const url = `${api.url}/graphql${method === 'GET' ? '?query={evidence{cut}}' : ''}`
    const response = await fetch(url, {
      method,
      ...(body === undefined ? {} : { body, headers: { 'content-type': type } }),
    })
    expect(response.status).toBe(400)
    expect(await response.text()).not.toContain('"cut"')
  })
})

describe('a query in an address', () => {
  it.each(['{ evidence { cut } }', 'mutation { revokeApiToken(id: "x", reason: "x") { __typename } }'])(
    '%s is refused, whoever sends it: addresses stand in logs',
    async (query) => {
      const response = await get(`/graphql?query=${encodeURIComponent(query)}`, { 'apollo-require-preflight': '1' })
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
      expect(await response.text()).not.toContain('"data"')
    },
  )
})

describe('a request that is out of order', () => {
  it.each([
    ['a batch', '[{"query":"{ evidence { cut } }"}]'],
    ['no JSON', '{"query":'],
    ['no query', '{}'],
  ])('%s is refused without a stack trace', async (_, body) => {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    expect(response.status).toBe(400)
    expect(await response.text()).not.toMatch(/node_modules|at \w+ \(/)
  })

  it('is refused where its query is endless or its body is huge', async () => {
    const long = await post(api.url, { query: `{ ${'evidence { cut } '.repeat(2_000)} }` })
    expect(long.errors?.[0]?.extensions.code).toBe('GRAPHQL_PARSE_FAILED')
    const body = JSON.stringify({ query: '{ evidence { cut } }', variables: { x: 'y'.repeat(300_000) } })
    const huge = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    expect(huge.status).toBe(413)
  })
})

describe('questions that cannot be answered', () => {
  const codeOf = async (selection: string, asOf = '') =>
    (await api.ask(`{ evidence${asOf} { ${selection} } }`)).errors?.map(
      ({ message, extensions }) => `${extensions.code}: ${message}`,
    )[0]

  it.each([
    ['retrievals(first: 101) { edges { cursor } }', '', 'PAGE_TOO_LARGE: first is 101, at most 100 are allowed: page with `after`'],
    ['retrievals(first: 0) { edges { cursor } }', '', 'BAD_USER_INPUT: first is 0: ask for 1 to 100'],
    ['cut', '(asOf: {knownAt: "c1.zzz"})', 'BAD_CUT: take the cut that an earlier answer echoed'],
    ['cut', '(asOf: {knownAt: "c1.OTk5OTk5OQ"})', 'BAD_CUT: take the cut that an earlier answer echoed'],
    ['credentials(filter: { search: "a\\u0000b" }) { edges { cursor } }', '', 'BAD_USER_INPUT: text with a NUL character matches nothing: leave it out'],
  ])('%s %s', async (selection, asOf, expected) => {
    expect(await codeOf(selection, asOf)).toBe(expected)
  }) // prettier-ignore

  it('say what a time must look like', async () => {
    expect(await codeOf('cut', '(asOf: {validAt: "yesterday"})')).toMatch(/write a time as RFC 3339/)
    const { errors } = await api.ask('query ($t: DateTime) { evidence(asOf: { validAt: $t }) { cut } }', {
      t: '2026-13-01',
    })
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } })
  })

  it('are refused where aliases and nesting would multiply them', async () => {
    const aliases = Array.from({ length: 11 }, (_, n) => `a${n}: retrievals(first: 100) { edges { cursor } }`)
    expect(await codeOf(aliases.join(' '))).toMatch(/^PAGE_TOO_LARGE: the query asks for more than 1000 chains/)
  })
})

describe('a process', () => {
  it('is live and ready while its database answers', async () => {
    expect(await (await get('/health/live')).json()).toEqual({ status: 'live' })
    expect(await (await get('/health/ready')).json()).toEqual({ status: 'ready', lag: 0 })
  })

  it('says that a port is taken instead of listening elsewhere', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => holder.once('listening', resolve))
    const { port } = holder.address() as { port: number }
    const second = await createApi(api.shared)
    await expect(second.listen('127.0.0.1', port)).rejects.toMatchObject({ code: 'EADDRINUSE' })
    await second.close()
    holder.close()
  })
})

describe('a database that is gone', () => {
  it('makes answers UNAVAILABLE and the process live but not ready, until it is back', async () => {
    await api.connection.break()
    const answer = await api.ask('{ evidence { cut } }')
    expect(answer.errors?.[0]?.extensions.code).toBe('UNAVAILABLE')
    const ready = await get('/health/ready')
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { status: 'not ready', reasons: ['the database does not answer'] },
    ])
    expect((await get('/health/live')).status).toBe(200)
    await api.connection.mend()
    expect((await api.ask('{ evidence { cut } }')).errors).toBeUndefined()
    expect((await get('/health/ready')).status).toBe(200)
  })

  it('or a fault inside tells an id that the log has too, and nothing else', async () => {
    const { reader } = api.shared
    const fault = Object.assign(reader, {
      projectedPosition: () => Promise.reject(new Error('secret inside: SELECT 1')),
    })
    const answer = await api.ask('{ evidence { cut } }')
    delete (fault as Partial<typeof fault>).projectedPosition
    const { code, correlationId = '' } = answer.errors?.[0]?.extensions ?? { code: '' }
    expect(code).toBe('INTERNAL')
    expect(JSON.stringify(answer)).not.toContain('SELECT')
    expect(api.log.some((line) => line.includes(correlationId) && line.includes('secret inside'))).toBe(true)
  })
})
