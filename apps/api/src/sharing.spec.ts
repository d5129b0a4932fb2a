/* eslint @typescript-eslint/no-unsafe-assignment: off, @typescript-eslint/no-unsafe-member-access: off, @typescript-eslint/no-unsafe-call: off, @typescript-eslint/no-unsafe-return: off -- an answer has the shape of its query */
import { sharingView, stewardshipView } from '@catena/governance'
import { DecisionViewRunner } from '@catena/projections'
import { asCaller } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startRecordedApi, type RecordedApi } from '../test/recorded-api.js'

let api: RecordedApi
let views: DecisionViewRunner
let credential: string
let another: string
beforeAll(async () => {
  api = await startRecordedApi()
  const { databaseUrl, ledger } = api.shared.instance
  views = new DecisionViewRunner({
    views: [sharingView, stewardshipView],
    log: ledger,
    databaseUrl,
    onError: (error) => console.error(error),
  })
  views.start()
  const { credentials } = await api.evidence('credentials(first: 2) { edges { node { id } } }')
  ;[credential, another] = credentials.edges.map(({ node }: { node: { id: string } }) => node.id)
}, 120_000)
afterAll(async () => {
  await views.stop()
  await api.stop()
})

const person = (name: string) => `person:keycloak/tideline:${name}`
const as = (name: string, ...roles: ('credential-owner' | 'security-engineer' | 'reviewer')[]) =>
  asCaller({ id: person(name), name, roles, keys: [person(name) as never] })
const ana = as('ana', 'reviewer')
const chief = as('chief', 'security-engineer')
const stranger = as('stranger', 'credential-owner')

const OUTCOME = '{ ... on SharingDecided { kind id status position } ... on Refused { code message } }'
const decide = async (mutation: string, headers: Record<string, string>): Promise<any> => { // eslint-disable-line @typescript-eslint/no-explicit-any -- as above
  const { data, errors } = await api.ask(`mutation { it: ${mutation} ${OUTCOME} }`, {}, headers)
  return errors === undefined ? data.it : errors[0]
} // prettier-ignore
const request = (more = '') =>
  decide(`requestAccess(request: { credentials: ["${credential}"], reason: "billing run" ${more} })`, ana)

describe('sharing over the API', () => {
  it('R3.1 R3.2 is asked, granted by somebody else, and ended; each step stands in the ledger', async () => {
    const asked = await request('until: "2100-01-01T00:00:00Z"')
    expect(asked).toMatchObject({ kind: 'GRANT', status: 'requested' })
    expect(await decide(`approveAccess(id: "${asked.id}")`, as('ana', 'security-engineer'))).toMatchObject({
      code: 'OWN_REQUEST',
    })
    expect(await decide(`approveAccess(id: "${asked.id}")`, chief)).toMatchObject({ status: 'granted' })
    expect(await decide(`withdrawAccessRequest(id: "${asked.id}")`, ana)).toMatchObject({ code: 'TOO_LATE' })
    expect(await decide(`revokeGrant(id: "${asked.id}", reason: "left")`, chief)).toMatchObject({ status: 'revoked' })
    expect((await api.ledger.readStream(`grant:${asked.id}`)).map(({ type, actor }) => [type, actor])).toEqual([
      ['AccessRequested', person('ana')],
      ['ApprovalRefused', person('ana')],
      ['AccessApproved', person('chief')],
      ['DecisionCameTooLate', person('ana')],
      ['GrantRevoked', person('chief')],
    ])
  })

  it('tells of several commands in one request what came of each, though one of them fails', async () => {
    const ask = (name: string) =>
      `${name}: requestAccess(request: { credentials: ["${credential}"], reason: "r" }) ${OUTCOME}`
    const { data, errors } = await api.ask(`mutation { ${ask('one')} two: reportExposure(exposure: { credentials: ["x"], how: LEAK, words: "x" }) ${OUTCOME} ${ask('three')} }`, {}, ana) // prettier-ignore
    expect(data).toMatchObject({ one: { status: 'requested' }, two: null, three: { status: 'requested' } })
    expect(errors).toMatchObject([{ path: ['two'], extensions: { code: 'BAD_USER_INPUT' } }])
    expect(await api.ledger.readStream(`grant:${data.one.id}`)).toHaveLength(1)
  })

  it('R3.12 R3.13 asks the approver of the workflow, or whom the approver delegated to', async () => {
    const named = (name: string) => `{ key: "${person(name)}", name: "${name}" }`
    const { id } = await decide(
      `declareSharingWorkflow(parts: { credentials: ["${credential}"], name: "billing", approver: ${named('lead')} })`,
      chief,
    )
    const asked = await request(`workflow: "${id}"`)
    const approve = (who: Record<string, string>) => decide(`approveAccess(id: "${asked.id}")`, who)
    expect(await approve(chief)).toMatchObject({ code: 'NOT_AN_APPROVER' })
    const span = 'from: "2020-01-01T00:00:00Z", until: "2100-01-01T00:00:00Z"'
    const delegated = await decide(
      `delegateApproval(id: "${id}", to: ${named('deputy')}, ${span})`,
      as('lead', 'credential-owner'),
    )
    expect(delegated).toMatchObject({ status: 'declared' })
    expect(await approve(as('deputy', 'credential-owner'))).toMatchObject({ status: 'granted' })
  })

  it('R3.12 refuses a request under a workflow that does not share all of it, or that does not exist', async () => {
    const parts = `{ credentials: ["${credential}"], name: "toys" }`
    const { id } = (await decide(`declareSharingWorkflow(parts: ${parts})`, chief)) as { id: string }
    const ask = (ids: string[], workflow: string) =>
      decide(
        `requestAccess(request: { credentials: ${JSON.stringify(ids)}, reason: "r", workflow: "${workflow}" })`,
        ana,
      )
    expect(await ask([another], id)).toMatchObject({ code: 'NOT_IN_WORKFLOW' })
    expect(await ask([credential, another], id)).toMatchObject({ code: 'NOT_IN_WORKFLOW' })
    expect(await ask([credential], 'none')).toMatchObject({ code: 'NO_SUCH_WORKFLOW' })
    expect(await ask([credential], id)).toMatchObject({ status: 'requested' })
  })

  it('R3.4 records an emergency although nothing was planned, and lets nobody review their own', async () => {
    expect(
      await decide(`activateBreakGlass(credential: "${credential}", reason: "down", activation: "a1")`, ana),
    ).toMatchObject({ kind: 'BREAK_GLASS' })
    await decide(`closeBreakGlass(credential: "${credential}", activation: "a1")`, ana)
    const review = `reviewBreakGlass(credential: "${credential}", activation: "a1", outcome: JUSTIFIED, words: "fine")`
    expect(await decide(review, ana)).toMatchObject({ code: 'OWN_ACTIVATION' })
    expect(await decide(review, chief)).toMatchObject({ id: credential })
    const { sharingOf } = await knowing(`sharingOf(credential: "${credential}") { kind status state positions }`)
    const glass = sharingOf.find(({ kind }: { kind: string }) => kind === 'BREAK_GLASS')
    expect(glass.state.activations).toMatchObject([{ outsidePlan: true, outcome: 'justified' }])
  })

  it('R3.7 grants exceptions with a blast radius and a compensation only', async () => {
    const ask = (radius: string) =>
      decide(
        `requestException(exception: { credentials: ["${credential}"], kind: VENDOR_PORTAL, controls: ["role-based"], reason: "r",
          blastRadius: "${radius}", until: "2100-01-01T00:00:00Z", compensations: [{ name: "review", heartbeatHours: 24 }] })`,
        as('ana', 'credential-owner'),
      )
    expect(await ask('')).toMatchObject({ code: 'NO_BLAST_RADIUS' })
    const { id } = (await ask('one portal')) as { id: string }
    expect(await decide(`approveException(id: "${id}")`, chief)).toMatchObject({ status: 'approved' })
    const hear = `reportCompensation(id: "${id}", name: "review")`
    expect(await decide(hear, as('ana', 'security-engineer'))).toMatchObject({ code: 'OWN_REQUEST' })
    expect(await decide(hear, stranger)).toMatchObject({ code: 'NOT_THE_OWNER' })
    expect(await decide(hear, chief)).toMatchObject({ status: 'approved' })
  })

  it('refuses credentials that no record and no registration knows, and words that are none', async () => {
    const unknown = `reportExposure(exposure: { credentials: ["${'0'.repeat(32)}"], how: LEAK, words: "x" })`
    expect(await decide(unknown, chief)).toMatchObject({
      extensions: { code: 'BAD_USER_INPUT' },
      message: expect.stringContaining('register it first'),
    })
    expect(await decide('disableJob(id: "none", words: "x")', chief)).toMatchObject({ code: 'NO_SUCH_JOB' })
  })

  describe('by a credential owner', () => {
    const glass = (activator: string) =>
      `planBreakGlass(credential: "${another}", plan: { mayActivate: [{ key: "${person(activator)}", name: "x" }], condition: "fire", closeWithinHours: 1, reviewWithinHours: 2, reviewer: { key: "${person('boss')}", name: "boss" } })`
    const denials = async (since: number) =>
      (await api.ledger.readDecisions(since, 100))
        .filter(({ type }) => type === 'AuthorizationDenied')
        .map(({ actor, payload }) => ({ actor, ...(JSON.parse(payload?.toString() ?? '{}') as object) }))

    it('R3.4 who owns none of it is refused, and the refusal stands in the ledger', async () => {
      const head = await api.ledger.head()
      expect(await decide(glass('lead'), chief)).toMatchObject({ kind: 'BREAK_GLASS' })
      expect(await decide(glass('stranger'), stranger)).toMatchObject({ code: 'NOT_THE_OWNER' })
      expect(await denials(head)).toMatchObject([{ actor: person('stranger'), fields: ['Mutation.planBreakGlass'] }])
      await decide(`activateBreakGlass(credential: "${another}", reason: "down", activation: "s")`, stranger)
      await api.feedLater()
      const { sharingOf } = await api.evidence(`sharingOf(credential: "${another}") { kind state }`)
      expect(sharingOf.find(({ kind }: { kind: string }) => kind === 'BREAK_GLASS').state).toMatchObject({
        plan: { mayActivate: [{ key: person('lead') }] },
        activations: [{ outsidePlan: true }],
      })
    })

    it('R3.1 a grant is ended by whom it was given to, and not by a stranger', async () => {
      const asked = (await request('until: "2100-01-01T00:00:00Z"')) as { id: string }
      await decide(`approveAccess(id: "${asked.id}")`, chief)
      const end = `revokeGrant(id: "${asked.id}", reason: "over")`
      expect(await decide(end, stranger)).toMatchObject({ code: 'NOT_THE_OWNER' })
      expect(await decide(end, as('ana', 'credential-owner'))).toMatchObject({ status: 'revoked' })
    })

    it('R2.2 R3.4 whoever was made the owner decides, until another is', async () => {
      const assign = (name: string) =>
        api.ask(
          `mutation { assignOwner(credential: "${another}", owner: "${person(name)}", name: "${name}") { __typename } }`,
          {},
          chief,
        )
      await assign('stranger')
      expect(await decide(glass('lead'), stranger)).toMatchObject({ kind: 'BREAK_GLASS' })
      await assign('somebody')
      expect(await decide(glass('lead'), stranger)).toMatchObject({ code: 'NOT_THE_OWNER' })
    })
  })

  it('lists what waits for somebody, page by page', async () => {
    await request()
    await request()
    const first = await knowing(
      'sharing(kind: GRANT, status: "requested", first: 1) { edges { node { id } } pageInfo { hasNextPage endCursor } }',
    )
    expect(first.sharing.pageInfo.hasNextPage).toBe(true)
    const after = first.sharing.pageInfo.endCursor
    const next = await knowing(
      `sharing(kind: GRANT, status: "requested", first: 1, after: "${after}") { edges { node { id status } } }`,
    )
    expect(next.sharing.edges[0].node).toMatchObject({ status: 'requested' })
    expect(next.sharing.edges[0].node.id).not.toBe(first.sharing.edges[0].node.id)
  })
})

/** Answers are as of what the read model has read: it reads what was decided. */
async function knowing(selection: string): Promise<any> { // eslint-disable-line @typescript-eslint/no-explicit-any -- as above
  await api.feedLater()
  return api.evidence(selection)
} // prettier-ignore
