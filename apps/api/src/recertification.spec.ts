/* eslint @typescript-eslint/no-unsafe-assignment: off, @typescript-eslint/no-unsafe-member-access: off, @typescript-eslint/no-explicit-any: off, @typescript-eslint/no-unsafe-call: off, @typescript-eslint/no-unsafe-return: off, @typescript-eslint/no-unsafe-argument: off -- an answer has the shape of its query */
import { setTimeout as sleep } from 'node:timers/promises'
import { formatInstant, type Key } from '@catena/domain'
import { cutAt } from '@catena/ledger'
import { DECISION_VIEWS } from '@catena/runtime'
import { DecisionViewRunner, type DecisionView } from '@catena/projections'
import { asCaller, asRole } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startRecordedApi, type RecordedApi } from '../test/recorded-api.js'

let api: RecordedApi
let views: DecisionViewRunner

beforeAll(async () => {
  api = await startRecordedApi()
  const { ledger, databaseUrl } = api.shared.instance
  views = new DecisionViewRunner({
    views: DECISION_VIEWS.map(slowAtLaunch),
    log: ledger,
    databaseUrl,
    onError: (error) => console.error(error),
  })
  views.start()
}, 120_000)

afterAll(async () => {
  await views.stop()
  await api.stop()
})

/** What is to be reviewed comes into its view long after the campaign came into its own. */
function slowAtLaunch(view: DecisionView): DecisionView {
  if (view.name !== 'review-items') return view
  const apply: DecisionView['apply'] = async (client, decisions) => {
    if (decisions.some(({ event }) => event.type === 'CampaignLaunched')) await sleep(1_000)
    return view.apply(client, decisions)
  }
  return { ...view, apply }
}

const BOSS = 'person:keycloak/tideline:the-boss' as Key
const OTHER = 'person:keycloak/tideline:another' as Key
const boss = asCaller({ id: BOSS, roles: ['reviewer'], keys: [BOSS] })
const manager = asRole('campaign-manager')
const definition = (more: object = {}) => ({
  name: 'everything',
  scope: 'all',
  stages: [{ name: 'boss', fromDay: 0, toDay: 14, reviewers: [{ kind: 'PEOPLE', people: [BOSS] }] }],
  launchIncomplete: true,
  ...more,
})
const DEFINE = `mutation ($id: String!, $definition: CampaignDefinitionInput!) { defineCampaign(id: $id, definition: $definition) {
  ... on CampaignDefined { id } ... on Refused { code message } } }`
const LAUNCH = `mutation ($definition: String!, $cause: String!) { launchCampaign(definition: $definition, cause: $cause) {
  ... on Campaign { id status items populationHash frozenAt certificate } ... on Refused { code message } } }`
const ITEM =
  'id campaignName status revision credential accessor accessorKind recommendation recommendationReason risk evidenceClass evidenceHash votes { reviewer kind reason } outcome reviewers'
const WORK = `query ($first: Int!, $after: String) { myReviewWork(first: $first, after: $after) {
  edges { node { ${ITEM} } } pageInfo { hasNextPage endCursor } } }`
const DECIDE = `mutation ($items: [String!]!, $decision: ReviewDecisionInput!, $reason: String!, $request: String!, $saw: Int) {
  decideReviewItems(items: $items, decision: $decision, reason: $reason, request: $request, saw: $saw) {
    ... on ReviewItemsChanged { items { ${ITEM} } } ... on Refused { code message } } }`

async function answered(query: string, variables: object, headers = manager): Promise<any> {
  const { data, errors } = await api.ask(query, variables, headers)
  if (errors !== undefined) throw new Error(`${JSON.stringify(errors)} ${api.log.at(-1) ?? ''}`)
  return Object.values(data as object)[0]
}
/** What the ledger holds beside who read what. */
const written = async () => (await api.ledger.readDecisions(0, 10_000)).filter(({ type }) => type !== 'EvidenceRead')
const work = async (first = 100, after?: string) => answered(WORK, { first, after }, boss)

describe('R6.1 a campaign through the API', () => {
  let campaign: any

  it('is refused at definition time with every problem, and where it would select nothing or find nobody', async () => {
    const twoStages = definition({ zone: 'Mars/Base', stages: [...definition().stages, { ...definition().stages[0]!, name: 'late', fromDay: 9, toDay: 20 }] })
    expect(await answered(DEFINE, { id: 'bad', definition: twoStages })).toMatchObject({
      code: 'BAD_DEFINITION', message: expect.stringMatching(/time zone Mars\/Base.*stages boss and late overlap/s),
    })
    expect(await answered(DEFINE, { id: 'bad', definition: definition({ scope: 'uses > 1000000' }) })).toMatchObject({ code: 'SELECTS_NOTHING' })
    const nobody = definition({ stages: [{ name: 'owner', fromDay: 0, toDay: 14, reviewers: [{ kind: 'OWNER' }] }] })
    expect(await answered(DEFINE, { id: 'bad', definition: nobody })).toMatchObject({ code: 'NO_REVIEWER' })
  }, 120_000) // prettier-ignore

  it('is tried dry, at any time, and writes nothing', async () => {
    const head = await api.ledger.head()
    const dry = `query ($definition: CampaignDefinitionInput!, $at: DateTime) { dryRunCampaign(definition: $definition, at: $at) { items hash orphans blocked load { reviewer items classes } certificate } }`
    const now = await answered(dry, { definition: definition() })
    expect(now).toMatchObject({ orphans: now.items, blocked: 0, load: [{ reviewer: BOSS, items: now.items }] })
    expect(now.items).toBeGreaterThan(3)
    expect(await answered(dry, { definition: definition(), at: '2020-01-01T00:00:00Z' })).toMatchObject({ items: 0 })
    expect(await api.ledger.head()).toBe(head)
  }, 120_000)

  it('freezes its population at a cut, with certificate and hash, and can make it again', async () => {
    expect(await answered(DEFINE, { id: 'everything', definition: definition() })).toEqual({ id: 'everything' })
    campaign = await answered(LAUNCH, { definition: 'everything', cause: 'q2' })
    expect(campaign).toMatchObject({ id: 'everything@q2', status: 'ACTIVE', certificate: { sources: expect.any(Array) } })
    // Whoever launched it and looks at once finds all of its work.
    expect((await work()).edges).toHaveLength(Math.min(100, campaign.items as number))
    expect(await answered(LAUNCH, { definition: 'everything', cause: 'q2' })).toMatchObject({ code: 'WRONG_STATUS' })
    const check = `query ($id: String!) { populationCheck(id: $id) { hash isSame } }`
    expect(await answered(check, { id: campaign.id })).toEqual({ hash: campaign.populationHash, isSame: true })
  }, 120_000) // prettier-ignore

  it('R6.3 gives the reviewer the work, the riskiest first and page by page, with pinned evidence and a recommendation with its reason', async () => {
    const all = await work()
    expect(all.edges).toHaveLength(Math.min(100, campaign.items as number))
    const risks = all.edges.map(({ node }: any) => node.risk as number)
    expect(risks).toEqual([...risks].sort((a, b) => b - a))
    const first = await work(2)
    const second = await work(2, first.pageInfo.endCursor as string)
    expect([...first.edges, ...second.edges]).toEqual(all.edges.slice(0, 4))
    for (const { node } of all.edges) {
      expect(node.campaignName).toBe('everything')
      expect(node.recommendationReason).toMatch(/\.$/)
      expect(node.evidenceHash).toMatch(/^[0-9a-f]{64}$/)
      if (node.accessorKind === 'unknown' || node.accessorKind === 'ambiguous')
        expect(node.recommendation).not.toBe('certify')
    }
  })

  it('takes a decision once, refuses who is no reviewer, and keeps a decision that came second on record (R6.4)', async () => {
    const { node } = (await work(1)).edges[0]
    const vote = { items: [node.id], decision: { kind: 'REVOKE' }, reason: 'not needed', request: 'r1', saw: node.revision }
    const stranger = asCaller({ id: OTHER, roles: ['reviewer'], keys: [OTHER] })
    expect(await answered(DECIDE, vote, stranger)).toMatchObject({ code: 'NOT_A_REVIEWER' })
    expect(await answered(DECIDE, vote, boss)).toMatchObject({ items: [{ campaignName: 'everything', status: 'DECIDED', outcome: { kind: 'revoke' }, votes: [{ reviewer: BOSS }] }] })
    const { length } = await written()
    expect(await answered(DECIDE, vote, boss)).toMatchObject({ items: [{ status: 'DECIDED' }] })
    expect(await written()).toHaveLength(length)
    expect(await answered(DECIDE, { ...vote, request: 'r2', decision: { kind: 'CERTIFY' } }, boss)).toMatchObject({ code: 'DECIDED_MEANWHILE' })
    expect(await written()).toHaveLength(length + 1)
    expect((await work()).edges.map(({ node: { id } }: any) => id)).not.toContain(node.id)
  }) // prettier-ignore

  it('R7.1 answers of an item that somebody else reviews as of one that is not there, writes nothing to it, and records the denial', async () => {
    const { edges } = await work()
    const [id, another] = [edges[0].node, edges.find(({ node }: any) => node.evidenceClass !== edges[0].node.evidenceClass).node].map((node: any) => node.id as string)
    const stranger = asCaller({ id: OTHER, roles: ['reviewer'], keys: [OTHER] })
    const vote = `decision: { kind: CERTIFY }, reason: "mine", request: "r1"`
    const mutations = {
      decideReviewItems: (items: string) => `decideReviewItems(items: ${items}, ${vote})`,
      delegateReviewItems: (items: string) => `delegateReviewItems(items: ${items}, to: "${BOSS}", reason: "x")`,
      commentReviewItems: (items: string) => `commentReviewItems(items: ${items}, text: "x")`,
      openReviewEvidence: (items: string) => `openReviewEvidence(items: ${items})`,
    }
    const { length } = await written()
    for (const mutation of Object.values(mutations)) {
      const ask = (...items: unknown[]) => answered(`mutation { ${mutation(JSON.stringify(items))} { ... on ReviewItemsChanged { items { id } } ... on Refused { code message } } }`, {}, stranger)
      const nowhere = await ask('0'.repeat(32))
      expect(nowhere).toMatchObject({ code: 'NOT_A_REVIEWER' })
      expect(await ask(id)).toEqual(nowhere)
      expect(await ask(id, another)).toEqual(nowhere)
    }
    expect(await answered(`query ($id: String!) { reviewItem(id: $id) { id } }`, { id }, stranger)).toBeNull()
    const events = (await written()).slice(length)
    // The decision was denied before in this minute, and is counted by the next that is told.
    const denied = [...Object.keys(mutations).slice(1).map((name) => `Mutation.${name}`), 'Query.reviewItem']
    expect(events.map(({ type, actor, payload }) => [type, actor, JSON.parse(payload?.toString() ?? '').fields])).toEqual(denied.map((field) => ['AuthorizationDenied', OTHER, [field]]))
    const comment = `mutation ($items: [String!]!) { commentReviewItems(items: $items, text: "ask the team") { ... on ReviewItemsChanged { items { id } } } }`
    expect(await answered(comment, { items: [id] })).toEqual({ items: [{ id }] })
    const { at } = (await written()).map(({ type, occurredAt }) => ({ type, at: occurredAt })).findLast(({ type }) => type === 'ReviewCommented')!
    const said = { comments: [{ by: 'person:campaign-manager', text: 'ask the team', at: formatInstant(at) }] }
    expect(await answered(`query ($id: String!) { reviewItem(id: $id) { comments { by text at } } }`, { id }, boss)).toEqual(said)
    const listed = await answered(`{ myReviewWork(first: 100) { edges { node { id comments { by text at } } } } }`, {}, boss)
    expect(listed.edges.find(({ node }: any) => node.id === id).node).toEqual({ id, ...said })
  }, 60_000) // prettier-ignore

  it('bulk: of one evidence class only, all or none, and the same request again changes nothing', async () => {
    const { edges } = await work()
    const classes = new Map<string, string[]>()
    for (const { node } of edges)
      classes.set(node.evidenceClass, [...(classes.get(node.evidenceClass as string) ?? []), node.id])
    const [some = [], ...others] = [...classes.values()].sort((a, b) => b.length - a.length)
    const bulk = { decision: { kind: 'REVOKE' }, reason: 'unused since the migration', request: 'b1' }
    const { length } = await written()
    expect(await answered(DECIDE, { ...bulk, items: [...some, others[0]![0]] }, boss)).toMatchObject({
      code: 'MIXED_EVIDENCE',
    })
    expect(await written()).toHaveLength(length)
    const decided = await answered(DECIDE, { ...bulk, items: some }, boss)
    expect(decided.items.map(({ status }: any) => status)).toEqual(some.map(() => 'DECIDED'))
    expect(await written()).toHaveLength(length + some.length)
    await answered(DECIDE, { ...bulk, items: some }, boss)
    expect(await written()).toHaveLength(length + some.length)
  })

  it('bulk: takes no more words than are kept with each item', async () => {
    const items = Array.from({ length: 3_000 }, (_, n) => String(n).padStart(32, '0'))
    const of = (text: string, given = items) => api.ask(`mutation ($items: [String!]!, $text: String!) { commentReviewItems(items: $items, text: $text) { ... on Refused { code } } }`, { items: given, text }, boss)
    expect(await of('x'.repeat(100_000))).toMatchObject({ errors: [{ message: expect.stringContaining('stands with each of 3000 items: say it in 2796 characters, or of fewer items'), extensions: { code: 'BAD_USER_INPUT' } }] })
    expect(await of('x'.repeat(2_000))).toMatchObject({ data: { commentReviewItems: { code: 'NOT_A_REVIEWER' } } })
    expect(await of('x'.repeat(100_000), items.slice(0, 1))).toMatchObject({ data: { commentReviewItems: { code: 'NOT_A_REVIEWER' } } })
    const asked = { items, decision: { kind: 'MODIFY', scope: ['x'.repeat(100_000)] }, reason: 'r', request: 'm1' }
    expect(await api.ask(DECIDE, asked, boss)).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] })
  }) // prettier-ignore

  it('R7.2 records who was shown which items, in lists, alone and after a command, before they are shown', async () => {
    const reads = async (query: string, variables: object, headers: Readonly<Record<string, string>>) => {
      const before = await api.ledger.head()
      await answered(query, variables, headers)
      const events = (await api.ledger.readDecisions(before, 100)).filter(({ type }) => type === 'EvidenceRead')
      return events.map(({ actor, payload }) => ({ actor, ...JSON.parse(payload?.toString() ?? '') }))
    }
    const { edges } = await work(2)
    const ids = edges.map(({ node }: any) => node.id as string)
    const shown = (items: string[]) => items.map((id) => `ReviewItem:${id}`)
    expect(await reads(WORK, { first: 2 }, boss)).toMatchObject([{ actor: BOSS, fields: ['Query.myReviewWork', 'ReviewItemEdge.node'], shown: shown(ids) }])
    const list = `query ($id: String!) { campaignItems(campaign: $id, first: 2) { edges { node { id } } } }`
    for (const role of ['campaign-manager', 'auditor'] as const)
      expect(await reads(list, { id: campaign.id }, asRole(role))).toMatchObject([{ actor: `person:${role}`, shown: [expect.stringMatching(/^ReviewItem:/), expect.any(String)] }])
    expect(await reads(`query ($id: String!) { reviewItem(id: $id) { status } }`, { id: ids[0] }, asRole('auditor'))).toMatchObject([{ shown: shown(ids.slice(0, 1)) }])
    const open = `mutation ($items: [String!]!) { openReviewEvidence(items: $items) { ... on ReviewItemsChanged { items { id } } } }`
    expect(await reads(open, { items: ids }, boss)).toMatchObject([{ actor: BOSS, shown: expect.arrayContaining(shown(ids)) }])
  }) // prettier-ignore

  it('delegation: shows the item to the delegate, who decides in the place of the reviewer', async () => {
    const { node } = (await work(1)).edges[0]
    const delegate = `mutation ($items: [String!]!, $to: Key!) { delegateReviewItems(items: $items, to: $to, reason: "away") { ... on ReviewItemsChanged { items { id } } ... on Refused { code message } } }`
    await answered(delegate, { items: [node.id], to: OTHER }, boss)
    const other = asCaller({ id: OTHER, roles: ['reviewer'], keys: [OTHER] })
    const item = `query ($id: String!) { reviewItem(id: $id) { id status votes { reviewer inPlaceOf } } }`
    expect(await answered(item, { id: node.id }, other)).toMatchObject({ id: node.id })
    const third = asCaller({ id: 'person:x:y', roles: ['reviewer'], keys: ['person:x:y' as Key] })
    expect(await answered(item, { id: node.id }, third)).toBeNull()
    await answered(
      DECIDE,
      { items: [node.id], decision: { kind: 'REVOKE' }, reason: 'as agreed', request: 'd1' },
      other,
    )
    expect(await answered(item, { id: node.id }, boss)).toMatchObject({
      status: 'DECIDED',
      votes: [{ reviewer: OTHER, inPlaceOf: [BOSS] }],
    })
  })

  it('R7.1 is shown no more to whom it was taken from, nor as it stood while it was theirs', async () => {
    const { node } = (await work(1)).edges[0]
    const cut = cutAt(await api.ledger.head())
    await api.feedLater()
    const item = `query ($id: String!, $cut: Cut) { reviewItem(id: $id, knownAt: $cut) { id } }`
    expect(await answered(item, { id: node.id, cut }, boss)).toEqual({ id: node.id })
    const reassign = `mutation ($items: [String!]!, $to: [Key!]!) { reassignReviewItems(items: $items, to: $to, reason: "in conflict") { ... on ReviewItemsChanged { items { id } } ... on Refused { code } } }`
    const nobody = await api.ask(reassign, { items: [node.id], to: [] }, manager)
    expect(nobody.errors).toMatchObject([
      { message: 'name somebody who is to review them', extensions: { code: 'BAD_USER_INPUT' } },
    ])
    expect(await answered(reassign, { items: [node.id], to: [OTHER] })).toEqual({ items: [{ id: node.id }] })
    for (const known of [undefined, cut]) expect(await answered(item, { id: node.id, cut: known }, boss)).toBeNull()
    const other = asCaller({ id: OTHER, roles: ['reviewer'], keys: [OTHER] })
    expect(await answered(item, { id: node.id, cut }, other)).toEqual({ id: node.id })
  })

  it('R6.9 is read by auditors as it stands and as of any cut, with its figures and its reviewers, and is reiterated only once sealed', async () => {
    const auditor = asRole('auditor')
    const query = `query ($id: String!, $knownAt: Cut) { campaign(id: $id, knownAt: $knownAt) { campaign { id status } position steps figures quality } }`
    const now = await answered(query, { id: 'everything@q2' }, auditor)
    expect(now).toMatchObject({ campaign: { status: 'ACTIVE' }, figures: { items: campaign.items, selfReviews: 0 }, quality: expect.arrayContaining([expect.objectContaining({ reviewer: BOSS })]) })
    expect(now.figures.votes).toBeGreaterThan(2)
    expect(now.steps.map(({ type }: any) => type)).toEqual(['CampaignScheduled', 'CampaignPopulating', 'PopulationFrozen', 'CampaignLaunched'])
    const launched = now.steps.at(-1).position as number
    const before = await answered(query, { id: 'everything@q2', knownAt: cutAt(launched) }, auditor)
    expect(before).toMatchObject({ position: launched, campaign: { status: 'ACTIVE' }, figures: { votes: 0 } })
    expect(await answered(query, { id: 'nothing@q2' }, auditor)).toBeNull()
    const tomorrow = { id: 'everything@q2', knownAt: cutAt((await api.ledger.head()) + 1_000) }
    expect(await api.ask(query, tomorrow, auditor)).toMatchObject({ errors: [{ extensions: { code: 'BAD_CUT' } }] })
    const reiterate = `mutation { reiterateCampaign(id: "everything@q2") { ... on Refused { code } } }`
    expect(await answered(reiterate, {})).toEqual({ code: 'WRONG_STATUS' })
    const figures = `{ campaignFigures(definition: "everything") { truncated campaigns { campaign { id } figures coverage timeliness } total coverage } }`
    const found = await answered(figures, {}, auditor)
    expect(found.campaigns.at(-1)).toMatchObject({ campaign: { id: 'everything@q2' }, figures: now.figures, timeliness: 1 })
    expect(found.truncated).toBe(false)
    expect(found.total.items).toBe(found.campaigns.reduce((sum: number, one: any) => sum + Number(one.figures.items), 0))
    const list = `query ($after: String) { campaigns(first: 1, after: $after, definition: "everything") { edges { node { id cause triggers } } pageInfo { hasNextPage endCursor } } }`
    const first = await answered(list, {}, auditor)
    expect(first.edges).toMatchObject([{ node: { id: 'everything@q2', cause: 'q2', triggers: [] } }])
    expect(first.pageInfo.hasNextPage).toBe(false)
    expect(await answered(`{ campaigns(first: 9, status: SEALED) { edges { node { id } } } }`, {}, auditor)).toEqual({ edges: [] })
  }) // prettier-ignore

  it('pauses, is voided by two people, and then takes no decisions', async () => {
    const items = (await work(1)).edges.map(({ node }: any) => node.id)
    const ask = (mutation: string, headers = manager) => answered(`mutation { ${mutation} { ... on Campaign { status why } ... on Refused { code } } }`, {}, headers)
    expect(await ask(`voidCampaign(id: "everything@q2", reason: "wrong scope")`)).toMatchObject({ status: 'ACTIVE' })
    expect(await ask(`voidCampaign(id: "everything@q2", reason: "wrong scope")`)).toMatchObject({ code: 'SECOND_PERSON_NEEDED' })
    const [key, name] = ['person:keycloak/tideline:mara', 'person:okta/tideline:00u-mara'] as Key[]
    const [mara, again] = [key, name].map((id) => asCaller({ id: id!, roles: ['campaign-manager'], keys: [id!] }))
    const pair = `{ alias: "${name}", principal: "${key}", reason: "asked her" }`
    await api.ask(`mutation { acceptIdentityJoin(pair: ${pair}) { __typename } }`, {}, asRole('security-engineer'))
    await api.feedLater()
    expect(await answered(LAUNCH, { definition: 'everything', cause: 'by mistake' })).toMatchObject({ status: 'ACTIVE' })
    expect(await ask(`voidCampaign(id: "everything@by mistake", reason: "wrong scope")`, mara)).toMatchObject({ status: 'ACTIVE' })
    expect(await ask(`voidCampaign(id: "everything@by mistake", reason: "agreed")`, again)).toMatchObject({ code: 'SECOND_PERSON_NEEDED' })
    const second = asCaller({ id: 'person:x:second', roles: ['campaign-manager'], keys: [] })
    expect(await ask(`voidCampaign(id: "everything@q2", reason: "agreed")`, second)).toMatchObject({ status: 'VOIDED' })
    if (items.length > 0)
      expect(await answered(DECIDE, { items, decision: { kind: 'REVOKE' }, reason: 'x', request: 'v1' }, boss)).toMatchObject({ code: 'CAMPAIGN_CLOSED' })
  }) // prettier-ignore
})
