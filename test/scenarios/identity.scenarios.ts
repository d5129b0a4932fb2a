/* eslint @typescript-eslint/no-unsafe-assignment: off, @typescript-eslint/no-unsafe-member-access: off, @typescript-eslint/no-unsafe-call: off, @typescript-eslint/no-unsafe-argument: off, @typescript-eslint/no-unsafe-return: off, @typescript-eslint/restrict-plus-operands: off -- an answer has the shape of its query */
import { describe, expect, it } from '@jest/globals'
import { endSession, register, retrieve, startAlone, startWith } from '../../libs/simulation/src/doings/agents.js'
import { logInAccount, logInFleet } from '../../libs/simulation/src/doings/logins.js'
import { signIn } from '../../libs/simulation/src/doings/sessions.js'
import { join, quit } from '../../libs/simulation/src/doings/staff.js'
import { makeChild, readSecret } from '../../libs/simulation/src/doings/tokens.js'
import type { Agent } from '../../libs/simulation/src/organisation/agents.js'
import { STORE } from '../../libs/simulation/src/organisation/agents.js'
import { deploys, enters, reads, serves, shares } from './acts.js'
import type { Answers } from './answers.js'
import { CHIEF, credentialAt, DAY, HOUR, MINUTE, namedKey, START, voice, type Story } from './story.js'

const SOON = START + 2 * DAY

/** R1 as far as control rests on it, and R9: who obtained it, under which identity, by what right. */
export function identityScenarios(story: Story, answers: Answers): void {
  describe('given a login that no provider tells of, beside one that is known', () => {
    const [dark, known, ana] = [story.secret(), story.secret(), story.person()]
    story.tells(function* () {
      yield DAY
      const held = logInAccount(story.world, 'legacy-app', ['payments'], '10.60.1.1')
      yield MINUTE
      readSecret(story.world, held, dark.slot)
      yield* reads(story, ana, known)
    })
    it('R1.3 the retrieval is shown as nobody’s and fails, with its record; the other is somebody’s', async () => {
      const [chain] = await answers.chains(dark, 'actor { __typename }')
      expect(chain.actor).toEqual({ __typename: 'MissingActor' })
      const said = await answers.judged('identity-attribution', dark, SOON)
      expect(said.verdict).toBe('UNCONTROLLED')
      expect(await answers.verdict('identity-attribution', known, SOON)).toBe('CONTROLLED')
      const [first] = await answers.changes('identity-attribution', dark)
      expect(first).toMatchObject({ from: null, to: 'UNCONTROLLED', positions: [...said.witnesses] })
      expect(await answers.finding('identity-attribution', dark)).toMatchObject({ severity: 'HIGH' })
      expect(await answers.finding('identity-attribution', known)).toBeUndefined()
    })
  })

  describe('given identities behind which not one actor stands', () => {
    const [shared, fleet, borrowed, mixed] = [story.secret(), story.secret(), story.secret(), story.secret()]
    const [ana, ben, repository] = [story.person(), story.person({ team: 'platform' }), story.repository()]
    story.tells(function* () {
      yield DAY
      const held = logInAccount(story.world, 'ops-shared', ['payments'], '10.20.9.9')
      yield MINUTE
      readSecret(story.world, held, shared.slot)
      for (let machine = 1; machine <= 7; machine++) {
        const one = logInAccount(story.world, 'svc-importer', ['payments'], `10.60.30.${machine}`)
        yield MINUTE
        readSecret(story.world, one, fleet.slot)
      }
      const own = yield* enters(story, ana)
      for (let left = 12; left > 0; left--) {
        readSecret(story.world, own, borrowed.slot, { address: '10.60.7.44', agent: 'python-requests/2.32' })
        yield 5 * MINUTE
      }
      yield* deploys(story, ana, repository, mixed)
      yield* reads(story, ben, mixed)
    })
    it('R1.6 an account that many hold, a fleet on one account, software on a person’s login, a person on a workload’s credential: each fails with its records', async () => {
      for (const [control, secret] of [['shared-identity', shared], ['shared-identity', fleet], ['borrowed-identity', borrowed], ['human-use-of-workload', mixed]] as const) {
        const said = await answers.judged(control, secret, SOON)
        expect([control, secret.name, said.verdict, said.witnesses.length > 0]).toEqual([control, secret.name, 'UNCONTROLLED', true])
        expect(await answers.finding(control, secret)).toMatchObject({ state: expect.any(String) })
      }
      expect(await answers.verdicts('shared-identity', borrowed, SOON)).toEqual(['CONTROLLED'])
    }) // prettier-ignore
  })

  describe('given a privileged secret that is read under a policy by somebody, and by a role of a fleet', () => {
    const [kept, bare, ana] = [story.secret('kv', 'prod'), story.secret('kv', 'prod'), story.person()]
    story.tells(function* () {
      yield DAY
      yield* reads(story, ana, kept)
      yield* serves(story, 'batch', '10.60.8.73', bare)
    })
    it('R1.8 the policy that allowed it is shown; privileged use that lacks whom it was for is a finding', async () => {
      const [chain] = await answers.chains(kept, 'right { state policies }')
      expect(chain.right).toEqual({ state: 'PROVEN', policies: ['payments'] })
      expect(await answers.verdict('task-context', kept, SOON)).toBe('CONTROLLED')
      expect(await answers.verdict('task-context', bare, SOON)).toBe('UNCONTROLLED')
      expect(await answers.finding('task-context', bare)).toMatchObject({ state: expect.any(String) })
    })
  })

  describe('given two people who move to another team, one of whom reads on', () => {
    const [lingering, left, moved, stays] = [story.secret(), story.secret(), story.person(), story.person()]
    story.tells(function* () {
      yield DAY
      yield* reads(story, moved, lingering)
      yield* reads(story, stays, left)
      yield DAY
      for (const person of [moved, stays]) {
        quit(story.world, person, 'payments')
        join(story.world, person, 'platform')
      }
      yield DAY
      yield* reads(story, moved, lingering)
    })
    it('R1.12 R4.1 access that lingers after the move fails from then on; access that ended with it does not', async () => {
      expect(await answers.verdicts('access-fit', lingering, START + 2.9 * DAY, START + 4 * DAY)).toEqual(['CONTROLLED', 'UNCONTROLLED']) // prettier-ignore
      expect(await answers.verdict('access-fit', left, START + 4 * DAY)).toBe('CONTROLLED')
      expect(await answers.clocks(left, START + 4 * DAY)).toMatchObject([{ trigger: 'ROLE_CHANGED', name: stays.username, endedAt: null, usesSince: 0 }]) // prettier-ignore
    })
  })

  describe('given agents: one by itself under its own identity, one by itself with a person’s sign-in, one attended', () => {
    const agent = (id: string): Agent => ({ id, name: id, kind: 'agent', team: 'payments' })
    const [alone, borrowing, attended] = [agent('agt-alone'), agent('agt-borrowing'), agent('agt-attended')]
    const stored = (path: string) => ({ path, ...credentialAt({ ...STORE, path }) })
    const [a, b, c] = [stored('payments/alone'), stored('payments/borrowing'), stored('payments/attended')]
    const [ana, sponsor] = [story.person(), story.person()]
    story.tells(function* () {
      const { world } = story
      yield DAY + 10 * HOUR
      for (const one of [alone, borrowing, attended]) register(world, one, sponsor)
      yield MINUTE
      const own = startAlone(world, alone, 'TASK-1')
      const session = signIn(world, ana, 'agents')
      yield 4_000
      const night = startWith(world, borrowing, session, 'TASK-2', { mode: 'autonomous' })
      const day = startWith(world, attended, session, 'TASK-3')
      for (let left = 8; left > 0; left--) {
        yield 40 * MINUTE
        retrieve(world, own, a.path)
        retrieve(world, night, b.path)
        if (left > 6) retrieve(world, day, c.path)
      }
      for (const one of [own, night, day]) endSession(world, one)
    })
    it('R9.1 each is an actor of its own with a sponsor; the one on a human account by itself is a finding', async () => {
      const days = START + 3 * DAY
      expect((await answers.inventory(a, days)).reach.agents).toEqual(['agent:cloudevents/marlin-agents:agt-alone'])
      expect((await answers.inventory(a, days)).wouldBreak.complete).toBe(true)
      expect(await answers.verdict('agent-identity', a, days)).toBe('CONTROLLED')
      expect(await answers.verdict('agent-identity', b, days)).toBe('UNCONTROLLED')
      expect(await answers.verdict('agent-identity', c, days)).toBe('CONTROLLED')
      expect(await answers.finding('agent-identity', b)).toMatchObject({ state: expect.any(String) })
    })
  })

  describe('given an AI-enabled workflow whose token is handed on, and one in which a person confirms', () => {
    const [handed, confirmed, unsaid] = [story.secret(), story.secret(), story.secret()]
    const [ana, lead] = [story.person(), story.person()]
    const flow = (id: string, more: string) => shares(story, CHIEF, () => `declareSharingWorkflow(parts: { credentials: ["${id}"], name: "assistants", aiEnabled: true, owner: ${namedKey(voice(lead))} ${more} })`) // prettier-ignore
    story.tells(function* () {
      yield DAY
      for (const secret of [confirmed, unsaid]) yield* reads(story, ana, secret)
      const held = yield* enters(story, ana)
      const child = makeChild(story.world, held, ['payments'])
      yield MINUTE
      readSecret(story.world, child, handed.slot, { address: '10.60.7.99' })
      yield HOUR
      flow(handed.id, 'confirmed: true')
      flow(confirmed.id, 'confirmed: true, escalation: "on call"')
      flow(unsaid.id, '')
      const alert = shares(story, CHIEF, () => `declareAlert(credentials: ["${confirmed.id}"], name: "agents", heartbeatHours: 72)`) // prettier-ignore
      yield HOUR
      shares(story, CHIEF, () => `reportAlert(id: "${alert.answer?.id}", test: true)`)
    })
    it('R9.2 R5.1 what crosses a boundary without a person’s word fails, and what is not said is no pass', async () => {
      const day = START + 3 * DAY
      expect(await answers.judged('agent-boundary', handed, day)).toMatchObject({ verdict: 'UNCONTROLLED', reason: expect.stringContaining('handed on') }) // prettier-ignore
      expect([await answers.verdict('agent-boundary', confirmed, day), await answers.verdict('agent-boundary', unsaid, day)]).toEqual(['CONTROLLED', 'UNKNOWN']) // prettier-ignore
    })
    it('R9.3 R5.11 it needs an owner, an escalation path and an alert that is heard; silence takes the pass away', async () => {
      expect(await answers.verdicts('agent-workflow-owned', confirmed, START + 2 * DAY, START + 9 * DAY)).toEqual(['CONTROLLED', 'UNCONTROLLED']) // prettier-ignore
      expect(await answers.verdict('agent-workflow-owned', handed, START + 2 * DAY)).toBe('UNCONTROLLED')
      expect(await answers.finding('agent-workflow-owned', confirmed)).toMatchObject({ state: 'OPEN' })
    })
  })

  describe('given a fleet that reads by its role, of which nobody in particular is known', () => {
    const secret = story.secret()
    story.tells(function* () {
      yield DAY
      const held = logInFleet(story.world, 'importer', '10.60.8.90')
      yield MINUTE
      readSecret(story.world, held, secret.slot)
    })
    it('R1.6 R5.1 no verdict of it is a pass where somebody would have to be known', async () => {
      const verdicts = await Promise.all(['extraction-known', 'shared-identity'].map((control) => answers.verdict(control, secret, SOON))) // prettier-ignore
      expect(verdicts).not.toContain('CONTROLLED')
    })
  })
}
