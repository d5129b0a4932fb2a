/* eslint @typescript-eslint/no-unsafe-assignment: off, @typescript-eslint/no-unsafe-member-access: off, @typescript-eslint/no-unsafe-call: off, @typescript-eslint/no-unsafe-argument: off, @typescript-eslint/no-unsafe-return: off, @typescript-eslint/restrict-plus-operands: off -- an answer has the shape of its query */
import { describe, expect, it } from '@jest/globals'
import { join, quit, groupId } from '../../libs/simulation/src/doings/staff.js'
import { approves, asks, iso, owns, reads, rotates, says, shares } from './acts.js'
import { refusalOf, type Answers } from './answers.js'
import { CHIEF, DAY, HOUR, MINUTE, namedKey, START, voice, type Story, type Voice } from './story.js'

const BOT: Voice = { key: 'machine:approver', name: 'approver', roles: ['security-engineer'], kind: 'machine' }

/** R3: how a credential is shared, from the request to its end, and who may say so. */
export function sharingScenarios(story: Story, answers: Answers): void {
  describe('given a secret that two people read: one was granted it for a time by another, one was not', () => {
    const [secret, ana, ben] = [story.secret(), story.person(), story.person()]
    const decisions: ReturnType<typeof asks>[] = []
    story.tells(function* () {
      yield DAY
      yield* rotates(story, secret)
      const asked = asks(story, voice(ana, 'reviewer'), secret, { to: voice(ana), until: story.now + 20 * DAY })
      decisions.push(asked, approves(story, voice(ana, 'security-engineer'), asked))
      yield HOUR
      decisions.push(approves(story, CHIEF, asked))
      yield DAY
      yield* reads(story, ana, secret)
      yield 2 * DAY
      yield* reads(story, ben, secret)
      yield 10 * DAY
      decisions.push(shares(story, CHIEF, () => `revokeGrant(id: "${asked.answer?.id}", reason: "done")`))
      yield DAY
      yield* reads(story, ana, secret)
    })
    it('R3.1 asked, refused to whoever asked, granted by another, used, revoked: each is an event with actor, time and reason', async () => {
      expect(decisions.map((one) => refusalOf(one) ?? one.answer?.status)).toEqual(['requested', 'OWN_REQUEST', 'granted', 'revoked']) // prettier-ignore
      const { sharingOf } = await answers.evidence(
        `sharingOf(credential: "${secret.id}") { kind status state positions }`,
      )
      expect(sharingOf).toMatchObject([{ kind: 'GRANT', status: 'revoked', state: { request: { reason: 'refunds', requestedBy: voice(ana).key }, approval: { by: CHIEF.key }, end: { by: CHIEF.key, reason: 'done' } } }]) // prettier-ignore
      expect(sharingOf[0].positions).toHaveLength(4)
    })
    it('R3.1 R5.8 a use under a running grant passes; one without, and one after the revocation, fail', async () => {
      const days = [3, 5].map((day) => START + day * DAY)
      expect(await answers.verdicts('request-approved', secret, ...days)).toEqual(['not asked', 'UNCONTROLLED'])
      const late = await answers.judged('shared-account-use', secret, START + 20 * DAY)
      expect(late).toMatchObject({ verdict: 'UNCONTROLLED' })
      expect(late.witnesses.length).toBeGreaterThan(2)
    })
    it('R5.8 each use has six verdicts: all are met under the grant, four are missed without', async () => {
      const uses = await answers.sharedUses(secret, START + 20 * DAY)
      const identified = { individualConfirmed: true, attributable: true }
      const met = (is: boolean) => ({ preventedByDefault: is, limitedInTime: is, justified: is, approved: is, ...identified }) // prettier-ignore
      expect(uses.map(({ accessor, ...use }: { accessor: string }) => [accessor, use])).toEqual([
        [ana.username, met(false)],
        [ben.username, met(false)],
        [ana.username, met(true)],
      ])
    })
    it('R4.1 the grant that ended starts a clock that runs until the secret is replaced', async () => {
      const clock = (await answers.clocks(secret, START + 20 * DAY)).find(({ trigger }) => trigger === 'GRANT_ENDED')
      expect(clock).toMatchObject({ name: ana.username, endedAt: null, usesSince: 1 })
    })
  })

  describe('given a grant that a program approved, and one without an end', () => {
    const [secret, ana] = [story.secret(), story.person()]
    story.tells(function* () {
      yield DAY
      yield* reads(story, ana, secret)
      approves(story, BOT, asks(story, voice(ana, 'reviewer'), secret, { to: voice(ana) }))
    })
    it('R3.1 R3.2 the approval is marked as a program’s, and a grant without end is a finding', async () => {
      const { sharingOf } = await answers.evidence(`sharingOf(credential: "${secret.id}") { state }`)
      expect(sharingOf[0].state.approval.byBot).toBe(true)
      expect(await answers.verdict('grant-ends', secret, START + 2 * DAY)).toBe('UNCONTROLLED')
      expect(await answers.finding('grant-ends', secret)).toMatchObject({ state: 'OPEN' })
      expect(await answers.verdict('requester-not-approver', secret, START + 2 * DAY)).not.toBe('UNCONTROLLED')
    })
  })

  describe('given a grant to a team whose members come and go', () => {
    const [secret, ana, ben, cleo] = [story.secret(), story.person({ team: 'data' }), story.person({ team: 'data' }), story.person({ team: 'mobile' })] // prettier-ignore
    const data = { key: `group:keycloak/marlin:${groupId('data')}`, name: 'data' }
    story.tells(function* () {
      yield DAY
      yield* rotates(story, secret)
      approves(story, CHIEF, asks(story, voice(ana, 'reviewer'), secret, { to: data, toRole: true, until: story.now + 60 * DAY })) // prettier-ignore
      yield DAY
      yield* reads(story, ana, secret)
      yield* reads(story, ben, secret)
      yield DAY
      quit(story.world, ben, 'data')
      yield DAY
      join(story.world, cleo, 'data')
      yield HOUR
      yield* reads(story, cleo, secret)
      yield 2 * DAY
      yield* reads(story, ben, secret)
    })
    it('R3.3 it covers who was in the team at each use, also who left since or joined since, and nobody after they left', async () => {
      expect(await answers.verdicts('request-approved', secret, START + 3.5 * DAY, START + 5 * DAY, START + 7 * DAY)).toEqual(['CONTROLLED', 'CONTROLLED', 'UNCONTROLLED']) // prettier-ignore
      const { witnesses } = await answers.judged('request-approved', secret, START + 7 * DAY)
      const [newest] = await answers.chains(secret, 'fact { positions }')
      expect(witnesses).toEqual(newest.fact.positions.map(Number))
      const members = async (day: number): Promise<string[]> => (await answers.evidence(`groupMembers(group: "data", at: "${iso(START + day * DAY)}") { edges { node { person } } }`)).groupMembers.edges.map(({ node }: { node: { person: string } }) => node.person) // prettier-ignore
      expect([(await members(2)).includes(voice(ben).key), (await members(4.5)).includes(voice(ben).key), (await members(5)).includes(voice(cleo).key)]).toEqual([true, false, true]) // prettier-ignore
    })
    it('R3.3 a grant to a team is by role; grants to three people one by one are not', async () => {
      expect(await answers.verdict('role-based', secret, START + 3 * DAY)).toBe('CONTROLLED')
    })
  })

  describe('given a sharing workflow, first with parts missing, whose approver delegates', () => {
    const [secret, ana, lead, deputy] = [story.secret(), story.person(), story.person(), story.person()]
    const tries: ReturnType<typeof approves>[] = []
    story.tells(function* () {
      yield DAY
      yield* reads(story, ana, secret)
      const parts = (more: string) => `parts: { credentials: ["${secret.id}"], name: "billing", approver: ${namedKey(voice(lead))} ${more} }` // prettier-ignore
      const flow = shares(story, CHIEF, () => `declareSharingWorkflow(${parts('')})`)
      yield DAY
      shares(story, CHIEF, () => `declareSharingWorkflow(id: "${flow.answer?.id}", ${parts(`owner: ${namedKey(voice(lead))}, sharedWith: "billing", windowHours: 8, loggingDestination: "siem", replacementPath: "nightly rotation"`)})`) // prettier-ignore
      const asked = shares(story, voice(ana, 'reviewer'), () => `requestAccess(request: { credentials: ["${secret.id}"], reason: "refunds", scope: "refunds", until: "${iso(START + 9 * DAY)}", workflow: "${flow.answer?.id}" })`) // prettier-ignore
      tries.push(approves(story, CHIEF, asked), approves(story, voice(deputy, 'credential-owner'), asked))
      const to = (whom: Voice) => shares(story, voice(lead, 'credential-owner'), () => `delegateApproval(id: "${flow.answer?.id}", to: ${namedKey(whom)}, from: "${iso(START)}", until: "${iso(START + 5 * DAY)}")`) // prettier-ignore
      to(voice(ana))
      yield MINUTE
      tries.push(approves(story, voice(ana, 'credential-owner'), asked))
      to(voice(deputy))
      yield MINUTE
      tries.push(approves(story, voice(deputy, 'credential-owner'), asked))
    })
    it('R3.12 a part that is missing is a finding until it is named', async () => {
      expect(await answers.verdicts('workflow-complete', secret, START + 1.5 * DAY, START + 3 * DAY)).toEqual(['UNCONTROLLED', 'CONTROLLED']) // prettier-ignore
    })
    it('R3.13 the approver’s delegate approves, in a window; the requester never does, also by delegation', () => {
      expect(tries.map((one) => refusalOf(one) ?? one.answer?.status)).toEqual(['NOT_AN_APPROVER', 'NOT_AN_APPROVER', 'OWN_REQUEST', 'granted']) // prettier-ignore
    })
  })

  describe('given duties that exclude each other', () => {
    const [secret, ana, holder] = [story.secret(), story.person(), story.person()]
    const tries: ReturnType<typeof approves>[] = []
    story.tells(function* () {
      yield 100 * DAY
      yield* reads(story, ana, secret)
      owns(story, secret, voice(ana))
      says(story, CHIEF, 'addSteward', secret, `steward: ${namedKey(voice(holder))}, role: CUSTODIAN`)
      story.decides(CHIEF, () => 'publishExclusiveDuties(pairs: [{ one: HOLD, other: APPROVE }]) { ... on ExclusiveDuties { version } }') // prettier-ignore
      const asked = asks(story, voice(ana, 'reviewer'), secret, { to: voice(ana), until: story.now + DAY })
      tries.push(approves(story, voice(holder, 'security-engineer'), asked), approves(story, CHIEF, asked))
    })
    it('R5.10 who keeps it does not approve for it; another does', () => {
      expect(tries.map((one) => refusalOf(one) ?? one.answer?.status)).toEqual(['EXCLUSIVE_DUTY', 'granted'])
    })
  })
}
