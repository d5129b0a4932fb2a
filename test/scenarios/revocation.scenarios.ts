/* eslint @typescript-eslint/no-unsafe-assignment: off, @typescript-eslint/no-unsafe-member-access: off, @typescript-eslint/no-unsafe-call: off, @typescript-eslint/no-unsafe-argument: off, @typescript-eslint/no-unsafe-return: off, @typescript-eslint/restrict-plus-operands: off -- an answer has the shape of its query */
import { describe, expect, it } from '@jest/globals'
import { changeEnvironment, changeSecret } from '../../libs/simulation/src/doings/agents.js'
import { disable } from '../../libs/simulation/src/doings/staff.js'
import { deleteSecret, readSecret, revokeSelf } from '../../libs/simulation/src/doings/tokens.js'
import { preview } from '../../libs/simulation/src/lives/preview.js'
import { agentsOf, STORE } from '../../libs/simulation/src/organisation/agents.js'
import { approves, asks, deploys, enters, iso, owns, reads, rotates, says, shares } from './acts.js'
import type { Answers } from './answers.js'
import { CHIEF, credentialAt, DAY, HOUR, MINUTE, START, voice, type Story } from './story.js'

/** R4 and R5: that access ends, is proven to have ended, and what all of it together comes to. */
export function revocationScenarios(story: Story, answers: Answers): void {
  describe('given somebody who has seen two secrets and leaves; one is replaced', () => {
    const [replaced, open, leaver] = [story.secret(), story.secret(), story.person()]
    let leftAt = 0
    story.tells(function* () {
      yield DAY
      for (const secret of [replaced, open]) yield* rotates(story, secret)
      for (const secret of [replaced, open]) yield* reads(story, leaver, secret)
      yield DAY
      disable(story.world, leaver)
      leftAt = story.now
      yield 6 * HOUR
      yield* rotates(story, replaced)
    })
    it('R4.2 R4.1 the list names both, the open one with its clock running, the other with its latency', async () => {
      const { secretsSeenBy } = await answers.evidence(`secretsSeenBy(person: "${voice(leaver).key}", at: "${iso(START + 5 * DAY)}") { edges { node { credential leftAt endedAt hoursOpen perhaps } } }`) // prettier-ignore
      const [first, second] = secretsSeenBy.edges.map(({ node }: { node: object }) => node)
      expect(first).toMatchObject({ credential: open.id, endedAt: null, perhaps: false })
      expect(first.hoursOpen).toBeCloseTo((START + 5 * DAY - leftAt) / HOUR, 1)
      expect(second).toMatchObject({ credential: replaced.id, perhaps: false })
      expect(second.hoursOpen).toBeCloseTo(6, 1)
    })
    it('R4.1 the latency of each is measured from the leaving to the end that records show', async () => {
      const [ran, runs] = [await answers.clocks(replaced, START + 5 * DAY), await answers.clocks(open, START + 5 * DAY)]
      expect([ran[0], runs[0]]).toMatchObject([{ trigger: 'LEFT', endedAt: expect.any(String) }, { trigger: 'LEFT', endedAt: null }]) // prettier-ignore
      expect(ran[0].hoursOpen).toBeCloseTo(6, 1)
    })
    it('R4.1 R4.2 the open one fails after a day, the other does not', async () => {
      const days = [START + 2.5 * DAY, START + 4 * DAY]
      expect(await answers.verdicts('leaver-revoked', open, ...days)).toEqual(['CONTROLLED', 'UNCONTROLLED'])
      expect(await answers.verdicts('leaver-revoked', replaced, ...days)).toEqual(['CONTROLLED', 'CONTROLLED'])
      expect(await answers.finding('leaver-revoked', open)).toMatchObject({ state: 'OPEN', severity: 'CRITICAL' })
    })
  })

  describe('given secrets that are deleted: one is silent since, one is read again', () => {
    const [silent, again, ana] = [story.secret(), story.secret(), story.person()]
    story.tells(function* () {
      yield DAY
      for (const secret of [silent, again]) yield* rotates(story, secret)
      const held = yield* enters(story, ana)
      for (const { slot } of [silent, again]) readSecret(story.world, held, slot)
      yield MINUTE
      for (const { slot } of [silent, again]) deleteSecret(story.world, held, slot)
      yield 9 * DAY
      yield* reads(story, ana, again)
    })
    it('R4.3 the end is not proven before a week of silence, then it is; a later success opens it again', async () => {
      const days = [START + 3 * DAY, START + 9 * DAY, START + 12 * DAY]
      expect(await answers.verdicts('revocation-silent', silent, ...days)).toEqual(['UNKNOWN', 'CONTROLLED', 'CONTROLLED']) // prettier-ignore
      expect(await answers.verdicts('revocation-silent', again, ...days)).toEqual(['UNKNOWN', 'CONTROLLED', 'UNCONTROLLED']) // prettier-ignore
      expect(await answers.finding('revocation-silent', again)).toMatchObject({ state: 'OPEN' })
    })
  })

  describe('given a token that is presented after it was revoked', () => {
    const [secret, ana] = [story.secret(), story.person()]
    story.tells(function* () {
      yield DAY
      const held = yield* enters(story, ana)
      readSecret(story.world, held, secret.slot)
      yield MINUTE
      revokeSelf(story.world, held)
      yield 30 * MINUTE
      readSecret(story.world, held, secret.slot, { address: '203.0.113.58' })
    })
    it('R4.3 is a finding, and the attempt is attributed to nobody', async () => {
      expect(await answers.verdict('used-after-end', secret, START + 2 * DAY)).toBe('UNCONTROLLED')
      const [chain] = await answers.chains(secret, 'actor { __typename ... on AttributedActor { state } }')
      expect(chain.actor.state ?? 'nobody').not.toBe('PROVEN')
    })
  })

  describe('given previews that are torn down, of which one leaves its secret behind', () => {
    const stored = (path: string) => ({ path, ...credentialAt({ ...STORE, path }) })
    const [behind, ended, by] = [stored('preview/behind'), stored('preview/ended'), story.person()]
    story.tells(function* () {
      const { world } = story
      const [, agent] = agentsOf('payments')
      yield DAY
      for (const { path } of [behind, ended]) {
        yield* preview(world, { name: path, path, by, agent })
        changeEnvironment(world, path, 'removed', by, path)
      }
      yield HOUR
      changeSecret(world, ended.path, 'destroyed')
    })
    it('R3.14 R4.1 its end is due a day after, and not before', async () => {
      const days = [START + 1.5 * DAY, START + 3 * DAY]
      expect(await answers.verdicts('torn-down-ended', behind, ...days)).toEqual(['CONTROLLED', 'UNCONTROLLED'])
      expect(await answers.verdicts('torn-down-ended', ended, ...days)).toEqual(['CONTROLLED', 'CONTROLLED'])
      expect(await answers.finding('torn-down-ended', behind)).toMatchObject({ state: 'OPEN' })
      expect(await answers.clocks(ended, days[1]!)).toMatchObject([
        { trigger: 'TORN_DOWN', endedAt: expect.any(String) },
      ])
    })
  })

  describe('given a secret kept in every order, and a neglected one', () => {
    const [kept, neglected, ana, repository] = [story.secret(), story.secret(), story.person(), story.repository()]
    story.tells(function* () {
      yield DAY
      yield* rotates(story, kept)
      owns(story, kept, { key: `repository:github/github.com:${repository.id}`, name: repository.name })
      owns(story, kept, voice(ana))
      says(story, CHIEF, 'declareCredentialFacts', kept, 'facts: { purpose: "deploys", environment: "staging" }')
      yield MINUTE
      says(story, voice(ana, 'credential-owner'), 'attestOwnership', kept)
      const key = `repository:github/github.com:${repository.id}`
      approves(story, CHIEF, asks(story, voice(ana, 'reviewer'), kept, { to: { key, name: repository.name }, until: story.now + 30 * DAY })) // prettier-ignore
      yield HOUR
      yield* deploys(story, ana, repository, kept, 'staging')
      yield* deploys(story, ana, repository, neglected)
      story.looks()
      yield 3 * DAY
      owns(story, neglected, voice(ana))
      yield HOUR
      story.looks()
    })
    it('R5.3 R5.2 to be seen in a vault is not to be governed: one is, by what was said; of any date the same is told as that day', async () => {
      expect(await answers.verdict('governed-not-only-visible', neglected, START + 2 * DAY)).toBe('UNCONTROLLED')
      expect(await answers.verdict('governed-not-only-visible', kept, START + 2 * DAY)).toBe('CONTROLLED')
      const whole = async (secret: typeof kept, day: number): Promise<string> => (await answers.ofCredential(secret, `verdict(on: "${iso(START + day * DAY)}") { verdict }`)).verdict.verdict // prettier-ignore
      expect([await whole(kept, 2), await whole(neglected, 2)]).toEqual(['CONTROLLED', 'UNCONTROLLED'])
      expect(await answers.verdicts('owner-accountable', neglected, START + 2 * DAY, START + 6 * DAY)).toEqual(['UNCONTROLLED', 'CONTROLLED']) // prettier-ignore
    })
    it('R5.1 R5.2 what Catena recorded by itself is what it answers for that date, with its cause', async () => {
      const { verdictChanges } = await answers.ofCredential(neglected, 'verdictChanges(control: "owner-accountable") { edges { node { from to cause reason positions } } }') // prettier-ignore
      expect(verdictChanges.edges.map(({ node }: { node: object }) => node)).toMatchObject([
        { from: 'UNCONTROLLED', to: 'CONTROLLED' },
        { from: null, to: 'UNCONTROLLED', reason: 'Nobody owns it.' },
      ])
    })
    it('R5.6 R5.7 the neglected are ranked, and coverage counts a credential by its worst', async () => {
      const { leastDefensible } = await answers.root('leastDefensible(first: 5) { edges { node { score systems operators } } }') // prettier-ignore
      const scores = leastDefensible.edges.map(({ node }: { node: { score: number } }) => node.score)
      expect(scores).toEqual([...scores].sort((one: number, other: number) => other - one))
      const { frameworkCoverage } = await answers.root('frameworkCoverage(framework: "PCI DSS 4.0.1") { credentials entries { canonical verdict uncontrolled unknown controlled } }') // prettier-ignore
      const entry = frameworkCoverage.entries.find(({ canonical }: { canonical: string }) => canonical === '8.6.3')
      expect(entry.verdict).toBe('UNCONTROLLED')
      for (const count of [entry.uncontrolled, entry.controlled]) expect(count).toBeGreaterThan(0)
      expect(entry.uncontrolled + entry.unknown + entry.controlled).toBeLessThanOrEqual(frameworkCoverage.credentials)
    })
    it('R5.9 a changed control is tried over the past, with its witnesses, and nothing is recorded', async () => {
      const { backtest } = await answers.ofCredential(kept, `backtest(control: "rotation-age", from: "${iso(START + DAY)}", to: "${iso(START + 60 * DAY)}", parameters: [{ name: "rotationDays", value: 30 }]) { firings { since until } uncontrolled controlled }`) // prettier-ignore
      expect(backtest.firings).toHaveLength(1)
      expect(Date.parse(backtest.firings[0].since)).toBeGreaterThan(START + 30 * DAY)
      expect(await answers.verdict('rotation-age', kept, START + 60 * DAY)).toBe('CONTROLLED')
    })
  })

  describe('given a long-lived secret that two people share, watched by an alert', () => {
    const [secret, ana, ben] = [story.secret(), story.person(), story.person()]
    story.tells(function* () {
      yield DAY
      yield* rotates(story, secret)
      for (const person of [ana, ben]) yield* reads(story, person, secret)
      yield 40 * DAY
      yield* reads(story, ana, secret)
      const alert = shares(story, CHIEF, () => `declareAlert(credentials: ["${secret.id}"], name: "anomaly", heartbeatHours: 48)`) // prettier-ignore
      yield DAY
      shares(story, CHIEF, () => `reportAlert(id: "${alert.answer?.id}", test: true)`)
    })
    it('R5.4 R5.11 is weaker by default: a declared alert is none, a heard one is, and without recertification it is no pass', async () => {
      expect(await answers.verdicts('long-lived-guarded', secret, START + 41.5 * DAY, START + 42.5 * DAY, START + 50 * DAY)).toEqual(['UNCONTROLLED', 'UNKNOWN', 'UNCONTROLLED']) // prettier-ignore
    })
  })
}
