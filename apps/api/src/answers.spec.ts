/* eslint @typescript-eslint/no-unsafe-assignment: off, @typescript-eslint/no-unsafe-member-access: off, @typescript-eslint/no-unsafe-call: off, @typescript-eslint/no-unsafe-argument: off, @typescript-eslint/no-unsafe-return: off, @typescript-eslint/restrict-plus-operands: off -- an answer has the shape of its query */
import { defensibilityOf, HistoryReader } from '@catena/governance'
import { connect } from '@catena/platform'
import { DecisionViewRunner } from '@catena/projections'
import { DECISION_VIEWS, governanceFollowers, openReader } from '@catena/runtime'
import { asRole } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import type pg from 'pg'
import { startRecordedApi, type RecordedApi } from '../test/recorded-api.js'

jest.setTimeout(120_000)

let api: RecordedApi
let client: pg.Client
let follow: () => Promise<void>
const closers: (() => Promise<unknown>)[] = []
beforeAll(async () => {
  api = await startRecordedApi({ later: /^$/ })
  const { instance } = api.shared
  const { databaseUrl, ledger } = instance
  const onError = (error: unknown): void => console.error(error)
  const views = new DecisionViewRunner({ views: DECISION_VIEWS, log: ledger, databaseUrl, onError })
  views.start()
  const { reader, close } = openReader(instance)
  client = await connect(databaseUrl, { applicationName: 'catena-test' })
  closers.push(() => views.stop(), () => client.end(), close, () => api.stop()) // prettier-ignore
  const followers = governanceFollowers(instance, reader)
  follow = async () => {
    await views.caughtUp(await ledger.head())
    await api.feedLater()
    for (const { follow: step } of followers) while (await step(client));
    await api.feedLater()
  }
  await follow()
}, 240_000)
afterAll(async () => {
  for (const close of closers) await close()
})

const judged = async (control: string, verdict: string): Promise<string> => {
  const { rows } = await client.query<{ credential: string }>(
    `SELECT replace(credential::text, '-', '') AS credential FROM governance.evaluation
     WHERE body -> 'results' @> jsonb_build_array(jsonb_build_object('control', $1::text, 'verdict', $2::text)) LIMIT 1`,
    [control, verdict],
  )
  return rows[0]!.credential
}

describe('answers of governance by the API', () => {
  it('R5.6 rank the hardest to defend first, as the histories say, page by page in one state of knowledge', async () => {
    const page = async (after = '') =>
      (await api.ask(`{ leastDefensible(first: 2 ${after}) { cut truncated edges { node { credential name score systems operators endsByItself positions evidence { position } } } pageInfo { endCursor hasNextPage } } }`)).data.leastDefensible
    const first = await page()
    const second = await page(`after: "${first.pageInfo.endCursor}"`)
    expect(second.cut).toBe(first.cut)
    const nodes = [...first.edges, ...second.edges].map(({ node }: any) => node) // eslint-disable-line @typescript-eslint/no-explicit-any -- as above
    const scores = nodes.map(({ score }: { score: number }) => score)
    expect(scores).toEqual([...scores].sort((a, b) => b - a))
    expect(new Set(nodes.map(({ credential }: { credential: string }) => credential)).size).toBe(4)
    expect(nodes[0].positions.length).toBeGreaterThan(0)
    const { reader, close } = openReader(api.shared.instance)
    for (const node of nodes) {
      const history = await new HistoryReader(reader).onDate(await reader.asOf(), node.credential, Date.now())
      const { systems, operators, endsByItself, score } = node
      expect(defensibilityOf(history!)).toEqual({ systems, operators, endsByItself, score })
    }
    await close()
  }) // prettier-ignore

  it('R5.7 tell how far each entry of a framework is met, each credential once, by its worst; unknown is no pass', async () => {
    const { data } = await api.ask('{ frameworkCoverage(framework: "PCI DSS 4.0.1") { crosswalkVersion credentials position entries { framework canonical cited controls verdict controlled exception uncontrolled unknown } } }')
    const { entries, credentials } = data.frameworkCoverage
    expect(entries.map(({ canonical }: { canonical: string }) => canonical)).toEqual(expect.arrayContaining(['7.2.4', '8.2.2', '10.2']))
    for (const { controlled, exception, uncontrolled, unknown, verdict } of entries) {
      expect(controlled + exception + uncontrolled + unknown).toBeLessThanOrEqual(credentials)
      if (verdict === 'CONTROLLED') expect([exception, uncontrolled, unknown]).toEqual([0, 0, 0])
      if (uncontrolled > 0) expect(verdict).toBe('UNCONTROLLED')
    }
    const { rows } = await client.query<{ count: string }>(
      `SELECT count(*) FROM governance.evaluation WHERE EXISTS (SELECT FROM jsonb_array_elements(body -> 'results') r
        WHERE r ->> 'control' = ANY('{identity-attribution,source-alive,task-context}') AND r ->> 'verdict' = 'uncontrolled')`,
    )
    expect(entries.find(({ canonical }: { canonical: string }) => canonical === '10.2').uncontrolled).toBe(Number(rows[0]!.count))
    const wrong = await api.ask('{ frameworkCoverage(framework: "PCI") { credentials } }')
    expect(wrong.errors?.[0]?.message).toContain('the crosswalk has')
  }) // prettier-ignore

  it('R5.2 tell when a verdict became another, and what caused it, as recorded up to the cut', async () => {
    const credential = await judged('owner-accountable', 'uncontrolled')
    const ask = async (asOf = {}) =>
      (await api.evidence(`credential(id: "${credential}") { verdictChanges(control: "owner-accountable") { edges { node { from to cause reason recordedAt news positions } } } } cut`, asOf))
    const before = await ask()
    const nodes = (answer: any) => answer.credential.verdictChanges.edges.map(({ node }: any) => node) // eslint-disable-line @typescript-eslint/no-explicit-any -- as above
    expect(nodes(before)).toMatchObject([{ from: null, to: 'UNCONTROLLED', cause: 'FIRST', reason: 'Nobody owns it.' }])
    await api.ask(`mutation { assignOwner(credential: "${credential}", owner: "person:keycloak/tideline:olga", name: "olga") { ... on Refused { code } } }`)
    await follow()
    expect(nodes(await ask())).toMatchObject([{ from: 'UNCONTROLLED' }, { cause: 'FIRST' }])
    expect(nodes(await ask({ knownAt: before.cut }))).toEqual(nodes(before))
  }) // prettier-ignore

  it('R4.2 list what a person has seen and whether it is valid still', async () => {
    const { rows } = await client.query<{ key: string }>(`SELECT body #>> '{accessor,keys,0}' AS key FROM governance.access_summary WHERE body #>> '{accessor,kind}' = 'person' AND body ? 'lastAt' LIMIT 1`)
    const { secretsSeenBy } = await api.evidence(`secretsSeenBy(person: "${rows[0]!.key}") { edges { node { credential name lastSeenAt endedAt hoursOpen perhaps positions } } }`)
    expect(secretsSeenBy.edges.length).toBeGreaterThan(0)
    for (const { node } of secretsSeenBy.edges) expect(node.positions.length).toBeGreaterThan(0)
    const open = secretsSeenBy.edges.map(({ node }: { node: { endedAt: string | null } }) => node.endedAt === null)
    expect(open).toEqual([...open].sort((a: boolean, b: boolean) => Number(b) - Number(a)))
  }) // prettier-ignore

  it('R1.10 R4.2 list what a person had seen on a day, whoever it was since by what is known now', async () => {
    const { rows } = await client.query<{ key: string; at: string }>(`SELECT body #>> '{accessor,keys,0}' AS key, body ->> 'lastAt' AS at
      FROM governance.access_summary WHERE body #>> '{accessor,kind}' = 'person' AND body ? 'lastAt' ORDER BY (body ->> 'lastAt')::float LIMIT 8`)
    const ask = async ({ key, at }: { key: string; at: string }) =>
      (await api.evidence(`secretsSeenBy(person: "${key}", at: "${new Date(Number(at) + 1_000).toISOString()}") { edges { node { credential perhaps positions } } }`)).secretsSeenBy.edges
    const before = await Promise.all(rows.map(ask))
    expect(before.flat().length).toBeGreaterThan(0)
    // As if later records had shown that it was somebody else.
    await client.query('CREATE TEMP TABLE own AS SELECT * FROM governance.access_summary')
    await client.query('DELETE FROM governance.access_summary')
    const after = await Promise.all(rows.map(ask))
    await client.query('INSERT INTO governance.access_summary SELECT * FROM own')
    expect(after).toEqual(before)
  }) // prettier-ignore

  it('R5.9 try a control over the past, as it is and changed, and say what is wrong with a question', async () => {
    const credential = await judged('identity-attribution', 'uncontrolled')
    const attempt = (more: string) =>
      api.ask(`{ evidence { credential(id: "${credential}") { backtest(from: "2026-11-20T00:00:00Z", to: "2026-11-25T00:00:00Z", everyDays: 1, ${more}) { firings { since until reason witnesses } lookedTo uncontrolled controlled unknown notApplicable } } } }`)
    const head = await api.ledger.head()
    const { data } = await attempt('control: "identity-attribution"')
    const { firings, lookedTo, uncontrolled } = data.evidence.credential.backtest
    expect(firings.length).toBeGreaterThan(0)
    expect(firings[0].witnesses.length).toBeGreaterThan(0)
    expect([lookedTo, uncontrolled > 0]).toEqual(['2026-11-25T00:00:00.000Z', true])
    expect(await api.ledger.head()).toBeGreaterThanOrEqual(head)
    const failing = async (more: string) => (await attempt(more)).errors?.[0]?.message
    expect(await failing('control: "no-such"')).toContain('no such control')
    expect(await failing('control: "rotation-age", parameters: [{ name: "x", value: 1 }]')).toContain('rotation-age has')
  }) // prettier-ignore

  it('R7.2 answer to auditors and security engineers alone', async () => {
    const refused = async (query: string) => (await api.ask(query, {}, asRole('operator'))).errors?.[0]?.extensions.code
    expect(await refused('{ leastDefensible { cut } }')).toBe('FORBIDDEN')
    expect(await refused('{ frameworkCoverage { credentials } }')).toBe('FORBIDDEN')
  })
})
