/* eslint @typescript-eslint/no-unsafe-assignment: off, @typescript-eslint/no-unsafe-member-access: off, @typescript-eslint/no-unsafe-call: off, @typescript-eslint/no-unsafe-argument: off, @typescript-eslint/no-unsafe-return: off, @typescript-eslint/restrict-plus-operands: off -- an answer has the shape of its query */
import { describe, expect, it } from '@jest/globals'
import { deploys, iso, reads, rotates, shares } from './acts.js'
import { refusalOf, type Answers } from './answers.js'
import { CHIEF, DAY, HOUR, MINUTE, namedKey, START, voice, type Story, type Voice } from './story.js'

const DEPUTY: Voice = { key: 'person:keycloak/marlin:deputy', name: 'deputy', roles: ['security-engineer'] }

/** R3: what a credential is shared for outside of a grant: emergencies, incidents, migrations, exceptions, releases, jobs, exposures, environments. */
export function occasionScenarios(story: Story, answers: Answers): void {
  describe('given emergencies: one planned, closed, rotated and reviewed; one planned by nobody and never closed', () => {
    const [kept, left, ana] = [story.secret(), story.secret(), story.person()]
    const activate = (id: string) => shares(story, voice(ana, 'reviewer'), () => `activateBreakGlass(credential: "${id}", reason: "down", activation: "a")`) // prettier-ignore
    story.tells(function* () {
      yield DAY
      for (const secret of [kept, left]) yield* rotates(story, secret)
      shares(story, CHIEF, () => `planBreakGlass(credential: "${kept.id}", plan: { mayActivate: [${namedKey(voice(ana))}], condition: "the provider is down", closeWithinHours: 4, reviewWithinHours: 48, reviewer: ${namedKey(DEPUTY)} })`) // prettier-ignore
      yield DAY
      activate(kept.id)
      activate(left.id)
      yield MINUTE
      yield* reads(story, ana, kept)
      yield* reads(story, ana, left)
      yield HOUR
      shares(story, voice(ana, 'reviewer'), () => `closeBreakGlass(credential: "${kept.id}", activation: "a")`)
      yield HOUR
      yield* rotates(story, kept)
      yield 12 * HOUR
      shares(story, DEPUTY, () => `reviewBreakGlass(credential: "${kept.id}", activation: "a", outcome: JUSTIFIED, words: "an outage")`) // prettier-ignore
    })
    it('R3.4 the plan counts because it was there before; every skipped step fails', async () => {
      expect(await answers.verdicts('break-glass-closed', kept, START + 2.1 * DAY, START + 6 * DAY)).toEqual(['CONTROLLED', 'CONTROLLED']) // prettier-ignore
      expect(await answers.judged('break-glass-closed', left, START + 2.2 * DAY)).toMatchObject({ verdict: 'UNCONTROLLED', reason: expect.stringContaining('no plan') }) // prettier-ignore
      expect(await answers.finding('break-glass-closed', left)).toMatchObject({ state: 'OPEN', severity: 'CRITICAL' })
      expect(await answers.finding('break-glass-closed', kept)).toBeUndefined()
    })
  })

  describe('given tokens of two incidents: one is used after containment', () => {
    const [dead, used, responder] = [story.secret(), story.secret(), story.person()]
    const respond = (id: string) => shares(story, CHIEF, () => `issueIncidentToken(credential: "${id}", incident: "INC-7", responders: [${namedKey(voice(responder))}])`) // prettier-ignore
    story.tells(function* () {
      yield DAY
      for (const secret of [dead, used]) yield* rotates(story, secret)
      const issued = [respond(dead.id), respond(used.id)]
      yield HOUR
      yield* reads(story, responder, dead)
      yield* reads(story, responder, used)
      yield HOUR
      for (const one of issued) shares(story, CHIEF, () => `containIncident(id: "${one.answer?.id}", words: "closed")`)
      yield HOUR
      yield* reads(story, responder, used)
    })
    it('R3.5 only its responders used it until then; the later use is a violation', async () => {
      const days = [START + 1.07 * DAY, START + 2 * DAY]
      expect(await answers.verdicts('incident-token-dead', dead, ...days)).toEqual(['CONTROLLED', 'CONTROLLED'])
      expect(await answers.verdicts('incident-token-dead', used, ...days)).toEqual(['CONTROLLED', 'UNCONTROLLED'])
      expect(await answers.finding('incident-token-dead', used)).toMatchObject({ state: 'OPEN' })
    })
  })

  describe('given a CI credential that is to be replaced by a day, and two endings', () => {
    const [moved, late, ana, repository] = [story.secret(), story.secret(), story.person(), story.repository()]
    story.tells(function* () {
      yield DAY
      for (const secret of [moved, late]) yield* deploys(story, ana, repository, secret)
      const opened = [moved, late].map(({ id }) => shares(story, CHIEF, () => `openMigration(credentials: ["${id}"], replacedBy: "OIDC", until: "${iso(START + 10 * DAY)}")`)) // prettier-ignore
      yield 5 * DAY
      shares(story, CHIEF, () => `cutOverMigration(id: "${opened[0]?.answer?.id}", words: "jobs use OIDC")`)
      yield 10 * DAY
      yield* deploys(story, ana, repository, moved)
    })
    it('R3.6 it is replaced in its window or fails; the old one that is used after the cutover is not dead', async () => {
      const days = [START + 3 * DAY, START + 8 * DAY, START + 12 * DAY]
      expect(await answers.verdicts('migration-cutover', moved, ...days)).toEqual(['CONTROLLED', 'CONTROLLED', 'CONTROLLED']) // prettier-ignore
      expect(await answers.verdicts('migration-cutover', late, ...days)).toEqual(['CONTROLLED', 'CONTROLLED', 'UNCONTROLLED']) // prettier-ignore
      expect(await answers.verdict('migration-cutover', moved, START + 20 * DAY)).toBe('UNCONTROLLED')
    })
  })

  describe('given a vendor’s portal without roles, excepted for a time while its log is heard', () => {
    const [portal, ana] = [story.secret(), story.person()]
    const asked: { refused?: ReturnType<typeof shares> } = {}
    const request = (radius: string) => shares(story, voice(ana, 'credential-owner'), () => `requestException(exception: { credentials: ["${portal.id}"], kind: VENDOR_PORTAL, controls: ["owner-accountable"], reason: "one account", blastRadius: "${radius}", until: "${iso(START + 30 * DAY)}", compensations: [{ name: "log", heartbeatHours: 48 }] })`) // prettier-ignore
    story.tells(function* () {
      yield DAY
      yield* reads(story, ana, portal)
      asked.refused = request('')
      const exception = request('one portal')
      yield HOUR
      shares(story, CHIEF, () => `approveException(id: "${exception.answer?.id}")`)
      for (let left = 4; left > 0; left--) {
        shares(story, CHIEF, () => `reportCompensation(id: "${exception.answer?.id}", name: "log")`)
        yield 2 * DAY - HOUR
      }
    })
    it('R3.7 it excuses its control while its compensation is heard, and is void once that is silent', async () => {
      expect(refusalOf(asked.refused!)).toBe('NO_BLAST_RADIUS')
      const days = [1.01, 3, 6, 15].map((day) => START + day * DAY)
      expect(await answers.verdicts('owner-accountable', portal, ...days)).toEqual(['UNCONTROLLED', 'EXCEPTION', 'EXCEPTION', 'UNCONTROLLED']) // prettier-ignore
      expect(await answers.verdicts('exception-sound', portal, days[1]!, days[3]!)).toEqual(['CONTROLLED', 'UNCONTROLLED']) // prettier-ignore
      expect(await answers.finding('exception-sound', portal)).toMatchObject({ state: 'CLOSED' })
    })
  })

  describe('given a signing key that is lent for a release', () => {
    const [kept, turned, ana] = [story.secret(), story.secret(), story.person()]
    const own: ReturnType<typeof shares>[] = []
    story.tells(function* () {
      yield DAY
      for (const key of [kept, turned]) yield* rotates(story, key)
      for (const { id } of [kept, turned]) {
        const asked = shares(story, voice(ana, 'credential-owner'), () => `requestSigningRelease(credentials: ["${id}"], release: "4.2", until: "${iso(START + 2 * DAY)}")`) // prettier-ignore
        own.push(
          shares(story, voice(ana, 'security-engineer'), () => `approveSigningRelease(id: "${asked.answer?.id}")`),
        )
        yield MINUTE
        shares(story, CHIEF, () => `approveSigningRelease(id: "${asked.answer?.id}")`)
      }
      yield 2 * DAY
      yield* rotates(story, turned)
    })
    it('R3.8 another approves it, and it is rotated after the window or fails', async () => {
      expect(own.map(refusalOf)).toEqual(['OWN_REQUEST', 'OWN_REQUEST'])
      expect(await answers.verdicts('release-key-rotated', turned, START + 1.5 * DAY, START + 6 * DAY)).toEqual(['CONTROLLED', 'CONTROLLED']) // prettier-ignore
      expect(await answers.verdicts('release-key-rotated', kept, START + 1.5 * DAY, START + 6 * DAY)).toEqual(['CONTROLLED', 'UNCONTROLLED']) // prettier-ignore
    })
  })

  describe('given tokens of two jobs that are disabled', () => {
    const [ended, forgotten] = [story.secret(), story.secret()]
    const ana = story.person()
    story.tells(function* () {
      yield DAY
      for (const secret of [ended, forgotten]) yield* reads(story, ana, secret)
      const tied = [ended, forgotten].map(({ id }) => shares(story, CHIEF, () => `tieJobToken(credentials: ["${id}"], job: "nightly")`)) // prettier-ignore
      yield DAY
      for (const one of tied) shares(story, CHIEF, () => `disableJob(id: "${one.answer?.id}", words: "retired")`)
      yield 2 * HOUR
      yield* rotates(story, ended)
    })
    it('R3.9 each has a day to end with its job', async () => {
      const days = [START + 1.5 * DAY, START + 2.3 * DAY, START + 4 * DAY]
      expect(await answers.verdicts('job-token-revoked', ended, ...days)).toEqual(['not asked', 'CONTROLLED', 'CONTROLLED']) // prettier-ignore
      expect(await answers.verdicts('job-token-revoked', forgotten, ...days)).toEqual(['not asked', 'CONTROLLED', 'UNCONTROLLED']) // prettier-ignore
    })
  })

  describe('given a secret that a scanner found, one that was replaced in time, and one that went by mail', () => {
    const [open, replaced, mailed, ana] = [story.secret(), story.secret(), story.secret(), story.person()]
    const report = ({ id }: { id: string }, how: string) => shares(story, CHIEF, () => `reportExposure(exposure: { credentials: ["${id}"], how: ${how}, words: "seen" })`) // prettier-ignore
    story.tells(function* () {
      yield DAY
      for (const secret of [open, replaced, mailed]) yield* reads(story, ana, secret)
      report(open, 'SCANNER')
      report(replaced, 'LEAK')
      report(mailed, 'INSECURE_SHARING')
      yield 20 * MINUTE
      yield* rotates(story, replaced)
      yield 2 * HOUR
      yield* reads(story, ana, open)
    })
    it('R3.10 what leaked is replaced within the hour, or every use since stands as witness', async () => {
      expect(await answers.verdict('exposure-answered', replaced, START + 2 * DAY)).toBe('CONTROLLED')
      const said = await answers.judged('exposure-answered', open, START + 2 * DAY)
      expect(said.verdict).toBe('UNCONTROLLED')
      expect(said.witnesses.length).toBeGreaterThan(1)
      expect(await answers.finding('exposure-answered', open)).toMatchObject({ state: 'OPEN', severity: 'CRITICAL' })
    })
    it('R3.10 R4.1 the clock runs from the exposure to the replacement, and counts what was obtained meanwhile', async () => {
      const [ran] = await answers.clocks(replaced, START + 2 * DAY)
      expect(ran).toMatchObject({ trigger: 'EXPOSED', name: 'leak', usesSince: 0, newSources: [] })
      expect(ran.hoursOpen).toBeCloseTo(1 / 3, 1)
      const [runs] = await answers.clocks(open, START + 2 * DAY)
      expect(runs).toMatchObject({ trigger: 'EXPOSED', endedAt: null, usesSince: 1 })
      expect(runs.hoursOpen).toBeGreaterThan(20)
    })
    it('R3.11 what was sent in the open counts, from when that was said', async () => {
      expect(await answers.verdicts('insecure-sharing', mailed, START + 1.001 * DAY, START + 2 * DAY)).toEqual(['not asked', 'UNCONTROLLED']) // prettier-ignore
    })
  })

  describe('given one value that jobs of production and of staging use', () => {
    const [both, own, ana, repository] = [story.secret(), story.secret(), story.person(), story.repository()]
    story.tells(function* () {
      yield DAY
      yield* deploys(story, ana, repository, both, 'production')
      yield* deploys(story, ana, repository, own, 'production')
      yield HOUR
      yield* deploys(story, ana, repository, both, 'staging')
    })
    it('R3.14 is a finding, and a value of one environment is none', async () => {
      expect((await answers.inventory(both, START + 2 * DAY)).environmentsSeen).toEqual(['production', 'staging'])
      expect(await answers.verdict('environments-apart', both, START + 2 * DAY)).toBe('UNCONTROLLED')
      expect(await answers.verdict('environments-apart', own, START + 2 * DAY)).not.toBe('UNCONTROLLED')
    })
  })
}
