/* eslint @typescript-eslint/no-unsafe-assignment: off, @typescript-eslint/no-unsafe-member-access: off, @typescript-eslint/no-explicit-any: off, @typescript-eslint/no-unsafe-call: off, @typescript-eslint/no-unsafe-return: off, @typescript-eslint/no-unsafe-argument: off -- an answer has the shape of its query */
import type { Key } from '@catena/domain'
import { DecisionViewRunner } from '@catena/projections'
import { DECISION_VIEWS } from '@catena/runtime'
import { asCaller, asRole } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Command } from 'commander'
import { startRecordedApi, type RecordedApi } from '../../apps/api/test/recorded-api.js'
import { registerCampaign } from '../../apps/cli/src/campaign.js'
import { fakeContext } from '../../apps/cli/src/testing/fake-context.js'

const BOSS = 'person:keycloak/tideline:the-boss' as Key
const boss = asCaller({ id: BOSS, roles: ['reviewer'], keys: [BOSS] })
const [manager, auditor] = [asRole('campaign-manager'), asRole('auditor')]
/** A program that shows tables would run the first, split the second and be told lies by the third. */
const NAMES = ['=HYPERLINK("http://evil.example","open")', 'all, of "it"\r\n=2+2\u001b[31m', 'one\r\n=1+1,sealed']
const CAUSE = '=2+2, run "1"'

let api: RecordedApi
let views: DecisionViewRunner
beforeAll(async () => {
  api = await startRecordedApi()
  const { ledger, databaseUrl } = api.shared.instance
  views = new DecisionViewRunner({ views: DECISION_VIEWS, log: ledger, databaseUrl, onError: (error) => console.error(error) }) // prettier-ignore
  views.start()
  for (const [index, name] of NAMES.entries()) await launch(`figures-${index}`, name, [BOSS])
  await decideSome()
}, 240_000)
afterAll(async () => {
  await views.stop()
  await api.stop()
})

async function answered(query: string, variables: object, headers = manager): Promise<any> {
  const { data, errors } = await api.ask(query, variables, headers)
  if (errors !== undefined) throw new Error(`${JSON.stringify(errors)} ${api.log.at(-1) ?? ''}`)
  return Object.values(data as object)[0]
}

async function launch(id: string, name: string, people: readonly Key[]): Promise<void> {
  const stages = [{ name: 'all', fromDay: 0, toDay: 14, reviewers: [{ kind: 'PEOPLE', people }] }]
  const definition = { name, scope: 'all', stages, launchIncomplete: true }
  const define = 'mutation ($id: String!, $definition: CampaignDefinitionInput!) { defineCampaign(id: $id, definition: $definition) { ... on CampaignDefined { id } ... on Refused { message } } }' // prettier-ignore
  expect(await answered(define, { id, definition })).toEqual({ id })
  const begin = 'mutation ($id: String!, $cause: String!) { launchCampaign(definition: $id, cause: $cause) { ... on Campaign { status } ... on Refused { message } } }' // prettier-ignore
  expect(await answered(begin, { id, cause: CAUSE })).toEqual({ status: 'ACTIVE' })
}

/** Of every kind something. */
async function decideSome(): Promise<void> {
  const work = '{ myReviewWork(first: 12) { edges { node { id } } } }'
  const { edges } = await answered(work, {}, boss)
  const until = '2036-01-01T00:00:00Z'
  const decisions = [{ kind: 'CERTIFY' }, { kind: 'REVOKE' }, { kind: 'MODIFY', until }, { kind: 'EXCEPTION', until, compensatingControls: ['logging'] }] // prettier-ignore
  const decide = 'mutation ($item: String!, $decision: ReviewDecisionInput!) { decideReviewItems(items: [$item], decision: $decision, reason: "=looked", request: $item) { ... on Refused { message } } }' // prettier-ignore
  for (const [index, { node }] of edges.entries())
    expect(await answered(decide, { item: node.id, decision: decisions[index % decisions.length] }, boss)).toEqual({})
}

async function cli(...args: string[]): Promise<{ out: string; code: number | undefined }> {
  const context = fakeContext({ openInstance: () => Promise.resolve(api.shared.instance) })
  const program = new Command('catena').exitOverride()
  registerCampaign(program, context)
  await program.parseAsync(['node', 'catena', 'campaign', ...args])
  return { out: context.out(), code: context.code() }
}

/** By RFC 4180, read by other code than what writes it. */
function rowsOf(csv: string): string[][] {
  const rows: string[][] = [[]]
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain ?? '')
    if (end === '\r\n') rows.push([])
  }
  return rows.slice(0, -1)
}

const FIGURES = 'query ($definition: String) { campaignFigures(definition: $definition) { campaigns { campaign { id name status } figures coverage timeliness } total coverage timeliness } }' // prettier-ignore
/** What a column is called, where its figure has another name. */
const NAMED: Readonly<Record<string, string>> = {
  'self-reviews': 'selfReviews',
  'conflicts refused': 'conflictsRefused',
}
const COUNTS = ['items', 'certified', 'revoked', 'modified', 'excepted', 'moot', 'superseded', 'expired', 'open', 'votes', 'late', 'self-reviews', 'conflicts refused', 'impeached', 'orders', 'verified', 'regressions'] // prettier-ignore

describe('campaigns in numbers', () => {
  it('R6.9 are the same as CSV at the terminal and through the API, under whatever names', async () => {
    const found = await answered(FIGURES, {}, auditor)
    const { out, code } = await cli('figures', '--format', 'csv')
    expect(code).toBe(0)
    const [head = [], ...lines] = rowsOf(out)
    expect(lines.map((cells) => cells.length)).toEqual(lines.map(() => head.length))
    const cell = (line: readonly string[] | undefined, column: string): string => line?.[head.indexOf(column)] ?? ''
    const told = [...found.campaigns, { campaign: { id: 'all', name: '', status: '' }, figures: found.total, ...found }]
    expect(lines.map((line) => cell(line, 'campaign'))).toEqual(told.map(({ campaign }) => campaign.id))
    for (const [index, { campaign, figures, coverage, timeliness }] of told.entries()) {
      const line = lines[index]
      expect(cell(line, 'name').replace(/^'/, '')).toBe(campaign.name)
      expect(cell(line, 'status')).toBe(String(campaign.status).toLowerCase())
      for (const column of COUNTS) expect([column, cell(line, column)]).toEqual([column, String(figures[NAMED[column] ?? column])]) // prettier-ignore
      const { items, expired, open, votes, late } = figures
      const percent = (part: number, of: number): string => String(Math.floor((100 * part) / of))
      expect(cell(line, 'covered percent')).toBe(coverage === null ? '' : percent(items - expired - open, items))
      expect(cell(line, 'in time percent')).toBe(timeliness === null ? '' : percent(votes - late, votes))
    }
    expect(found.total).toMatchObject({ votes: 12, selfReviews: 0, open: found.total.items })
    expect(lines).toHaveLength(NAMES.length + 1)
  }, 30_000)

  it('R6.9 hold no cell that a program for tables would run', async () => {
    const { out } = await cli('figures', '--format', 'csv', '--definition', 'figures-0')
    expect(rowsOf(out)[1]?.[1]).toBe(`'${NAMES[0]}`)
    expect(rowsOf(out).flat().filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([])
  }, 30_000) // prettier-ignore

  it('R6.9 are the same as JSON and, in words, at the terminal, where no name moves its cursor', async () => {
    const found = await answered(FIGURES, { definition: 'figures-1' }, auditor)
    const json = JSON.parse((await cli('figures', '--format', 'json', '--definition', 'figures-1')).out)
    expect([json.total, json.rows.map(({ figures }: any) => figures)]).toEqual([found.total, [found.total]])
    const { out } = await cli('figures', '--definition', 'figures-1')
    expect(out).toContain(`all: ${found.total.items} items, ${Math.floor(100 * found.coverage)} % covered`)
    expect(out).not.toContain('\u001b')
    expect(out.split('\n').filter((line) => line.startsWith('=2+2'))).toEqual([])
    expect(await cli('figures', '--definition', 'none')).toEqual({ out: 'No campaigns.\n', code: 3 })
  }, 30_000)
})

describe('items that nobody may review', () => {
  it('R6.1 R6.2 are listed with the reason, through the API and at the terminal, and stay listed once somebody has them', async () => {
    const items = 'query ($campaign: String!, $after: String, $blocked: Boolean, $first: Int!) { campaignItems(campaign: $campaign, blocked: $blocked, first: $first, after: $after) { edges { node { id status accessorKind access blockedBecause } } pageInfo { hasNextPage endCursor } } }' // prettier-ignore
    const all = await answered(items, { campaign: `figures-0@${CAUSE}`, first: 100 }, auditor)
    const person = all.edges.find(({ node }: any) => node.accessorKind === 'person')?.node.access.accessor.key as Key
    await launch('blocked', 'reviewed by an accessor', [person])
    const campaign = `blocked@${CAUSE}`
    const { edges } = await answered(items, { campaign, blocked: true, first: 100 }, auditor)
    expect(edges.length).toBeGreaterThan(0)
    for (const { node } of edges) expect(node).toMatchObject({ status: 'PENDING', blockedBecause: expect.stringMatching(new RegExp(`${person} is its (accessor|candidate)`)) }) // prettier-ignore
    const counted = await answered(
      'query ($id: String!) { campaign(id: $id) { campaign { blockedItems } } }',
      { id: campaign },
      auditor,
    )
    expect(counted.campaign.blockedItems).toBe(edges.length)
    const one = await answered(items, { campaign, blocked: true, first: 1 }, auditor)
    expect(one).toMatchObject({ edges: [edges[0]], pageInfo: { hasNextPage: edges.length > 1 } })
    const others = await answered(items, { campaign, first: 100 }, auditor)
    const free = others.edges.filter(({ node }: any) => !edges.some((blocked: any) => blocked.node.id === node.id))
    expect(free.every(({ node }: any) => node.blockedBecause === null)).toBe(true)
    const reassign = 'mutation ($items: [String!]!, $to: [Key!]!) { reassignReviewItems(items: $items, to: $to, reason: "nobody else may") { ... on Refused { message } } }' // prettier-ignore
    expect(await answered(reassign, { items: [edges[0].node.id], to: [BOSS] })).toEqual({})
    const lines = (await cli('blocked', campaign, '--json')).out.trimEnd().split('\n').map((line) => JSON.parse(line)) // prettier-ignore
    expect(lines.map(({ item, because }) => [item, because])).toEqual(edges.map(({ node }: any) => [node.id, node.blockedBecause])) // prettier-ignore
    expect(lines.map(({ status }) => status)).toEqual(edges.map((_: unknown, index: number) => (index === 0 ? 'assigned' : 'pending'))) // prettier-ignore
    expect((await cli('blocked', campaign)).out).toContain(edges[0].node.blockedBecause)
    expect(await cli('blocked', `figures-0@${CAUSE}`)).toEqual({ out: 'Every item has somebody who may review it.\n', code: 0 }) // prettier-ignore
    expect((await cli('blocked', 'none@q1')).code).toBe(3)
  }, 60_000)
})
