/* eslint @typescript-eslint/no-unsafe-assignment: off, @typescript-eslint/no-unsafe-member-access: off, @typescript-eslint/no-unsafe-call: off, @typescript-eslint/no-unsafe-argument: off, @typescript-eslint/no-unsafe-return: off -- an answer has the shape of its query */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { startRecordedApi, type RecordedApi } from '../test/recorded-api.js'

const PAGE = 'edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }'

interface PageAnswer {
  readonly edges: { readonly cursor: string; readonly node: { readonly id?: string; readonly key?: string } }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

jest.setTimeout(60_000)

let api: RecordedApi
beforeAll(async () => {
  api = await startRecordedApi({ later: /vault-audit-b|keycloak/ })
}, 120_000)
afterAll(() => api.stop())

/** Follows `after` to the end; `between` runs after each page. */
async function readAll(list: (args: string) => string, between: () => Promise<void> = () => Promise.resolve()) {
  const [ids, cuts]: [string[], Set<string>] = [[], new Set()]
  for (let after: string | null = ''; after !== null;) {
    const answer = await api.evidence(`cut ${list(after === '' ? '' : `, after: "${after}"`)}`)
    const page = answer.page as PageAnswer
    ids.push(...page.edges.map(({ node }) => node.id ?? node.key ?? ''))
    cuts.add(answer.cut as string)
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
    await between()
  }
  return { ids, cuts }
}

const retrievals =
  (first: number, filter = '') =>
  (args: string) =>
    `page: retrievals(first: ${first}${args}${filter === '' ? '' : `, filter: ${filter}`}) { ${PAGE} }`

describe('lists of which half the records are there', () => {
  it('R1.2 give every retrieval exactly once while new records arrive, in one state of knowledge', async () => {
    const whole = await readAll(retrievals(100))
    let pages = 0
    const paged = await readAll(retrievals(7), async () => {
      if (++pages === 3) await api.feedLater()
    })
    expect(pages).toBeGreaterThan(10)
    expect(paged.cuts.size).toBe(1)
    expect(paged.cuts).toEqual(whole.cuts)
    expect(new Set(paged.ids).size).toBe(paged.ids.length)
    expect([...paged.ids].sort()).toEqual([...whole.ids].sort())
    expect((await api.evidence('cut')).cut).not.toBe([...paged.cuts][0])
  })
})

describe('lists of everything', () => {
  it('give the same by pages of any size, newest first', async () => {
    const [small, large] = [await readAll(retrievals(13)), await readAll(retrievals(100))]
    expect(small.ids).toEqual(large.ids)
    const { edges } = (await api.evidence('retrievals(first: 100) { edges { node { fact { occurredAt } } } }'))
      .retrievals
    const times = (edges as { node: { fact: { occurredAt: string } } }[]).map(({ node }) => node.fact.occurredAt)
    expect(times).toEqual([...times].sort().reverse())
  })

  it('page credentials, principals and the chains of one credential', async () => {
    const credentials = await readAll((args) => `page: credentials(first: 5${args}) { ${PAGE} }`)
    expect(credentials.ids.length).toBeGreaterThan(15)
    expect(new Set(credentials.ids).size).toBe(credentials.ids.length)
    const principals = await readAll((args) => `page: principals(first: 4${args}) { ${PAGE.replace('id', 'key')} }`)
    expect(new Set(principals.ids).size).toBe(principals.ids.length)
    for (const id of credentials.ids.slice(0, 6)) {
      const filtered = await readAll(retrievals(100, `{ credential: "${id}" }`))
      const own: string[] = []
      for (let after = ''; ;) {
        const { chains } = (await api.evidence(`credential(id: "${id}") { chains(first: 3${after}) { ${PAGE} } }`))
          .credential
        own.push(...(chains as PageAnswer).edges.map(({ node }) => node.id ?? ''))
        if (!(chains as PageAnswer).pageInfo.hasNextPage) break
        after = `, after: "${(chains as PageAnswer).pageInfo.endCursor ?? ''}"`
      }
      expect(own).toEqual(filtered.ids)
    }
  })

  it('say where a page lies', async () => {
    const first = (await api.evidence(retrievals(2)(''))).page
    const next = (await api.evidence(retrievals(2)(`, after: "${first.pageInfo.endCursor}"`))).page
    expect(first.pageInfo).toMatchObject({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: first.edges[0].cursor,
    })
    expect(next.pageInfo).toMatchObject({ hasPreviousPage: true, endCursor: next.edges[1].cursor })
  })
})

describe('a cursor', () => {
  const refused = async (selection: string, asOf = '') =>
    (await api.ask(`{ evidence${asOf} { ${selection} } }`)).errors?.map(({ extensions }) => extensions.code)
  const cursorOf = async () => (await api.evidence(retrievals(2)(''))).page.pageInfo.endCursor as string

  it('of another state of knowledge, another list, another filter or nobody is refused', async () => {
    const cursor = await cursorOf()
    const early = await api.evidence('cut', { knownAt: 'c1.NTAw' })
    expect(await refused(retrievals(2)(`, after: "${cursor}"`), `(asOf: {knownAt: "${early.cut}"})`)).toEqual([
      'BAD_CURSOR',
    ])
    expect(await refused(retrievals(2)(`, after: "${cursor}"`), '(asOf: {validAt: "2026-11-23T05:00:00Z"})')).toEqual([
      'BAD_CURSOR',
    ])
    expect(await refused(retrievals(2, '{ source: "vault" }')(`, after: "${cursor}"`))).toEqual(['BAD_CURSOR'])
    expect(await refused(`credentials(after: "${cursor}") { edges { cursor } }`)).toEqual(['BAD_CURSOR'])
    expect(await refused(retrievals(2)(', after: "x"'))).toEqual(['BAD_CURSOR'])
    const old = (await api.evidence(retrievals(2)(''), { knownAt: early.cut })).page.pageInfo.endCursor as string
    expect(
      await refused(
        `a: ${retrievals(2)(`, after: "${cursor}"`).slice(6)} b: ${retrievals(2)(`, after: "${old}"`).slice(6)}`,
      ),
    ).toEqual(['BAD_CURSOR'])
  })

  it('with a place that was tampered with is refused before it reaches the database', async () => {
    const [text = '', seal = ''] = (await cursorOf()).split('.')
    const parts = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[]
    const forged = `${Buffer.from(JSON.stringify([...parts.slice(0, 4), "1'; --", 'zz'])).toString('base64url')}.${seal}`
    expect(seal).not.toBe('')
    expect(await refused(retrievals(2)(`, after: "${forged}"`))).toEqual(['BAD_CURSOR'])
  })

  it('goes on with the state of knowledge it was asked for', async () => {
    const asOf = { knownAt: 'c1.MTAwMA', validAt: '2026-11-23T05:01:00Z' }
    const first = await api.evidence(`cut validAt ${retrievals(2)('')}`, asOf)
    const next = await api.evidence(`cut validAt ${retrievals(2)(`, after: "${first.page.pageInfo.endCursor}"`)}`)
    expect(next).toMatchObject({ cut: first.cut, validAt: '2026-11-23T05:01:00.000Z' })
    const variable = await api.ask(
      `query ($c: String) { evidence { cut ...More } } fragment More on Evidence { retrievals(first: 2, after: $c) { edges { node { id } } } }`,
      { c: first.page.pageInfo.endCursor },
    )
    expect(variable.data.evidence.cut).toBe(first.cut)
    expect(variable.data.evidence.retrievals.edges.map((edge: { node: object }) => edge.node)).toEqual(
      next.page.edges.map((edge: { node: object }) => edge.node),
    )
  })
})
