/* eslint @typescript-eslint/no-unsafe-assignment: off, @typescript-eslint/no-unsafe-member-access: off, @typescript-eslint/no-unsafe-call: off, @typescript-eslint/no-unsafe-argument: off, @typescript-eslint/no-unsafe-return: off, @typescript-eslint/restrict-plus-operands: off -- an answer has the shape of its query */
import { describe, expect, it } from '@jest/globals'
import { disable, groupId, join } from '../../libs/simulation/src/doings/staff.js'
import { issueLease } from '../../libs/simulation/src/doings/tokens.js'
import { readClusterSecret, startPod } from '../../libs/simulation/src/doings/cluster.js'
import { deploys, enters, iso, owns, publishes, reads, rotates, says, serves } from './acts.js'
import type { Answers } from './answers.js'
import { CHIEF, DAY, HOUR, MINUTE, namedKey, START, voice, type Story } from './story.js'

/** R2: what is shared, and who answers for it. */
export function inventoryScenarios(story: Story, answers: Answers): void {
  describe('given a password that two people read and nobody rotates for months', () => {
    const [secret, ana, ben] = [story.secret(), story.person(), story.person()]
    let rotatedAt = 0
    story.tells(function* () {
      yield DAY
      yield* rotates(story, secret)
      rotatedAt = story.now
      says(story, CHIEF, 'declareCredentialFacts', secret, 'facts: { kind: PASSWORD, environment: "staging", purpose: "refunds", scope: "read orders", shared: true, reaches: ["erp", "aws/444455556666"] }') // prettier-ignore
      yield DAY
      yield* reads(story, ana, secret)
      yield* reads(story, ben, secret)
    })
    it('R2.1 R1.11 its entry tells kind, static, shared by use and by word, versions, age, rotation, last use, place, purpose, scope and reach', async () => {
      const entry = await answers.inventory(secret, START + 12 * DAY)
      expect(entry).toMatchObject({ kind: 'PASSWORD', issuance: 'STATIC', sharedObserved: true, sharedDeclared: true, environment: 'staging', purpose: 'refunds', scope: 'read orders', ageDays: 10, ageAtLeast: false, versionsSeen: 1 }) // prettier-ignore
      expect(Math.abs(Date.parse(entry.lastRotation) - rotatedAt)).toBeLessThan(MINUTE)
      expect(Date.parse(entry.lastUse)).toBeGreaterThan(rotatedAt + DAY)
      expect(entry.reach).toEqual({ workloads: [], agents: [], people: expect.arrayContaining([voice(ana).key, voice(ben).key]), declared: ['erp', 'aws/444455556666'] }) // prettier-ignore
      expect(entry.locations[0]).toMatchObject({ kind: 'VAULT', basis: 'OBSERVED', residual: false })
    })
    it('R2.1 is too old ninety days after its rotation, and not before', async () => {
      expect(await answers.verdicts('rotation-age', secret, START + 80 * DAY, START + 95 * DAY)).toEqual(['CONTROLLED', 'UNCONTROLLED']) // prettier-ignore
      expect(await answers.finding('rotation-age', secret)).toMatchObject({ state: 'OPEN', reason: expect.any(String) })
    })
  })

  describe('given accounts of a database, issued for each use', () => {
    const [secret, ana] = [story.secret('database'), story.person()]
    story.tells(function* () {
      yield DAY
      const held = yield* enters(story, ana)
      issueLease(story.world, held, secret.slot)
    })
    it('R2.1 R3.2 they are dynamic; that no end is seen of one is no failure for a week, and one after', async () => {
      expect(await answers.inventory(secret, START + 2 * DAY)).toMatchObject({ issuance: 'DYNAMIC', kind: null })
      expect(await answers.verdicts('issuance-limited', secret, START + 2 * DAY, START + 20 * DAY)).toEqual(['CONTROLLED', 'UNCONTROLLED']) // prettier-ignore
    })
  })

  describe('given an owner who is named, agrees, and leaves', () => {
    const [secret, owner, next] = [story.secret(), story.person(), story.person()]
    story.tells(function* () {
      yield DAY
      yield* reads(story, owner, secret)
      yield DAY
      owns(story, secret, voice(owner))
      yield HOUR
      says(story, voice(owner, 'credential-owner'), 'attestOwnership', secret)
      says(story, CHIEF, 'addSteward', secret, `steward: ${namedKey(voice(next))}, role: CUSTODIAN`)
      yield 4 * DAY
      disable(story.world, owner)
      yield 5 * DAY
      owns(story, secret, voice(next))
    })
    it('R2.2 nobody’s, then answered for, then nobody’s again until another is named; each date keeps its answer', async () => {
      const days = [1.5, 3, 8, 13].map((day) => START + day * DAY)
      expect(await answers.verdicts('owner-accountable', secret, ...days)).toEqual(['UNCONTROLLED', 'CONTROLLED', 'UNCONTROLLED', 'CONTROLLED']) // prettier-ignore
      const left = await answers.judged('owner-accountable', secret, days[2]!)
      expect(left.witnesses).toEqual(expect.arrayContaining((await answers.positionsOf(owner.id)).slice(-1)))
      expect(await answers.finding('owner-accountable', secret)).toMatchObject({ state: 'CLOSED' })
    })
    it('R2.2 what the owner attested does not count for the next one', async () => {
      expect(await answers.verdicts('owner-attested', secret, START + 3 * DAY, START + 13 * DAY)).toEqual(['CONTROLLED', 'UNCONTROLLED']) // prettier-ignore
      const { stewardship } = await answers.ofCredential(secret, 'stewardship { owner { name attestedAt } stewards { name role } }') // prettier-ignore
      expect(stewardship).toMatchObject({ owner: { name: next.username, attestedAt: null }, stewards: [{ name: next.username, role: 'CUSTODIAN' }] }) // prettier-ignore
    })
  })

  describe('given a program as owner, for which nobody answers', () => {
    const [secret, ana] = [story.secret(), story.person()]
    story.tells(function* () {
      yield DAY
      yield* reads(story, ana, secret)
      owns(story, secret, { key: 'agent:cloudevents/marlin-agents:agt-nobody', name: 'nightly' })
    })
    it('R2.2 is a finding', async () => {
      expect(await answers.judged('owner-accountable', secret, START + 2 * DAY)).toMatchObject({ verdict: 'UNCONTROLLED', reason: expect.stringContaining('nobody answers') }) // prettier-ignore
    })
  })

  describe('given teams as owners: one of which no directory tells, and one whose only member is locked out', () => {
    const [unheard, left, ana] = [story.secret(), story.secret(), story.person({ mount: 'oidc' })]
    const team = (name: string) => ({ key: `group:keycloak/marlin:${groupId(name)}`, name })
    story.tells(function* () {
      yield DAY
      join(story.world, ana, 'closed')
      yield* reads(story, ana, unheard)
      yield* reads(story, ana, left)
      owns(story, unheard, team('unheard'))
      owns(story, left, team('closed'))
      yield 2 * DAY
      disable(story.world, ana)
    })
    it('R2.2 a team answers while somebody in it is here; else nobody knows', async () => {
      expect(await answers.verdicts('owner-accountable', left, START + 2 * DAY, START + 5 * DAY)).toEqual(['CONTROLLED', 'UNKNOWN']) // prettier-ignore
      expect(await answers.verdicts('owner-accountable', unheard, START + 2 * DAY, START + 5 * DAY)).toEqual(['UNKNOWN', 'UNKNOWN']) // prettier-ignore
    })
  })

  describe('given rules of ownership that change', () => {
    const [secret, ana, ben, repository] = [story.secret(), story.person({ team: 'payments' }), story.person({ team: 'platform' }), story.repository()] // prettier-ignore
    const team = (name: string) => `{ key: "group:keycloak/marlin:${groupId(name)}", name: "${name}" }`
    const publish = (name: string) => publishes(story, () => `publishOwnershipRules(rules: [{ id: "${name}", path: "secret/${secret.slot.path}", owner: ${team(name)} }])`) // prettier-ignore
    story.tells(function* () {
      yield DAY
      yield* deploys(story, ana, repository, secret)
      publish('payments')
      yield DAY
      yield* reads(story, ana, secret)
      yield DAY
      publish('platform')
      yield DAY
      yield* reads(story, ben, secret)
    })
    it('R2.2 R1.10 the rule of each date names the owner of that date, and says which rule it was', async () => {
      const at = async (day: number) => (await answers.judged('owner-accountable', secret, START + day * DAY)).reason
      expect([await at(1.001), await at(2.5), await at(5)]).toEqual(['Nobody owns it.', 'payments (a team) answers for it.', 'platform (a team) answers for it.']) // prettier-ignore
      const { stewardship } = await answers.ofCredential(secret, 'stewardship { owner { name rule } }')
      expect(stewardship.owner).toEqual({ name: 'platform', rule: 'platform' })
    })
    it('R2.2 R1.6 who was of the team that owned it when they read it is not held to have used a workload’s credential', async () => {
      expect(await answers.verdicts('human-use-of-workload', secret, START + 2.5 * DAY, START + 5 * DAY)).toEqual(['CONTROLLED', 'CONTROLLED']) // prettier-ignore
    })
  })

  describe('given copies outside the vault, and a rotation that reaches one of them', () => {
    const [secret, ana] = [story.secret(), story.person()]
    story.tells(function* () {
      yield DAY
      yield* rotates(story, secret)
      yield* reads(story, ana, secret)
      says(story, CHIEF, 'declareCopy', secret, 'kind: CI_VARIABLE, place: "acme/shop STRIPE"')
      says(story, CHIEF, 'declareCopy', secret, 'kind: LAPTOP, place: "laptop 4711"')
      yield DAY
      yield* rotates(story, secret)
      yield HOUR
      says(story, CHIEF, 'clearCopy', secret, 'kind: CI_VARIABLE, place: "acme/shop STRIPE"')
      says(story, CHIEF, 'declareCopy', secret, 'kind: CI_VARIABLE, place: "acme/shop STRIPE"')
      yield 5 * DAY
      says(story, CHIEF, 'clearCopy', secret, 'kind: LAPTOP, place: "laptop 4711"')
    })
    it('R2.3 every copy is a place; what still holds the old value after the rotation is listed until it is cleared', async () => {
      const residual = async (day: number) => (await answers.inventory(secret, START + day * DAY)).locations.filter((one: { residual: boolean; basis: string }) => one.residual && one.basis === 'DECLARED').map(({ place }: { place: string }) => place) // prettier-ignore
      expect((await answers.inventory(secret, START + 1.5 * DAY)).locations).toHaveLength(4)
      expect([await residual(1.5), await residual(4), await residual(9)]).toEqual([[], ['laptop 4711'], []])
      expect(await answers.verdicts('residual-copies', secret, START + 1.5 * DAY, START + 4 * DAY)).toEqual(['CONTROLLED', 'UNCONTROLLED']) // prettier-ignore
      expect(await answers.verdict('residual-copies', secret, START + 9 * DAY)).not.toBe('UNCONTROLLED')
    })
  })

  describe('given the private key of a certificate that three people take out, and a refresh token beside the code', () => {
    const [key, refresh] = [story.secret(), story.secret()]
    const people = [story.person(), story.person(), story.person()]
    story.tells(function* () {
      yield DAY
      for (const person of people) yield* reads(story, person, key)
      yield* reads(story, people[0]!, refresh)
      says(story, CHIEF, 'declareCredentialFacts', key, 'facts: { kind: CERTIFICATE }')
      says(story, CHIEF, 'declareCredentialFacts', refresh, 'facts: { kind: TOKEN, purpose: "refresh path of short-lived tokens" }') // prettier-ignore
      yield DAY
      says(story, CHIEF, 'declareCopy', refresh, 'kind: CODE, place: "acme/shop/.env"')
    })
    it('R2.4 the certificate is a shared secret; the refresh path is an exposure from when the copy is known', async () => {
      expect(await answers.verdict('shared-private-key', key, START + 3 * DAY)).toBe('UNCONTROLLED')
      expect(await answers.verdicts('insecure-location', refresh, START + 1.5 * DAY, START + 3 * DAY)).toEqual(['not asked', 'UNCONTROLLED']) // prettier-ignore
      expect(await answers.finding('insecure-location', refresh)).toMatchObject({ state: 'OPEN' })
    })
  })

  describe('given a secret that a pipeline and a person take out, and one that a fleet does', () => {
    const [own, fleet] = [story.secret(), story.secret()]
    const [ana, repository] = [story.person(), story.repository()]
    story.tells(function* () {
      yield DAY
      yield* deploys(story, ana, repository, own)
      yield* reads(story, ana, own)
      yield* serves(story, 'importer', '10.60.8.71', fleet)
    })
    it('R2.5 R4.4 who can take it out and who would notice its end is told by name, or said not to be known', async () => {
      const entry = await answers.inventory(own, START + 2 * DAY)
      expect(entry.extractors).toEqual(expect.arrayContaining([{ name: repository.name, kind: 'WORKLOAD' }, { name: ana.username, kind: 'PERSON' }])) // prettier-ignore
      expect(entry.wouldBreak).toMatchObject({ complete: true, copies: 0 })
      expect(entry.reach.workloads).toEqual([`repository:github/github.com:${repository.id}`])
      expect(await answers.verdict('extraction-known', own, START + 2 * DAY)).toBe('CONTROLLED')
      expect((await answers.inventory(fleet, START + 2 * DAY)).wouldBreak.complete).toBe(false)
      expect(await answers.verdict('extraction-known', fleet, START + 2 * DAY)).toBe('UNKNOWN')
    })
  })

  describe('given a source that falls silent for three days, and is heard again', () => {
    const secret = story.secret('kubernetes')
    story.tells(function* () {
      yield DAY
      const pod = startPod(story.world, 'staging-payments', 'web')
      readClusterSecret(story.world, pod, secret.slot)
      yield 4 * DAY
      readClusterSecret(story.world, pod, secret.slot)
    })
    it('R2.7 what it records is not known to be watched: of the days of silence as asked today, too', async () => {
      expect(await answers.verdicts('source-alive', secret, START + 1.5 * DAY, START + 4 * DAY, START + 5.5 * DAY)).toEqual(['CONTROLLED', 'UNCONTROLLED', 'CONTROLLED']) // prettier-ignore
      const { sources } = await answers.evidence(
        'sources { id heardAt read stored duplicates quarantined conserved lastOccurredAt }',
      )
      for (const one of sources) expect([one.id, one.read, one.conserved]).toEqual([one.id, one.stored + one.duplicates + one.quarantined, true]) // prettier-ignore
      expect(sources.filter(({ heardAt }: { heardAt: string | null }) => heardAt !== null).length).toBeGreaterThan(3)
    })
  })

  describe('given a password on paper', () => {
    const registered = story.decides(CHIEF, () => 'registerCredential(system: "paper/safe", path: "vendor portal") { ... on CredentialDecided { id: credential position } ... on Refused { code message } }') // prettier-ignore
    const ana = story.person()
    const paper = { get id() { return registered.answer?.id ?? '' } } // prettier-ignore
    story.tells(function* () {
      yield DAY
      story.decides(CHIEF, () => `declareCheckout(credential: "${paper.id}", who: ${namedKey(voice(ana))}, from: "${iso(story.now)}") { ... on CredentialDecided { position } ... on Refused { code message } }`) // prettier-ignore
    })
    it('R2.8 R5.3 is listed, its checkouts are shown as declared, no use is made of them, and it is not governed by that', async () => {
      const { registeredCredentials } = await answers.evidence('registeredCredentials { edges { node { id path firstSeenAt } } }') // prettier-ignore
      expect(registeredCredentials.edges.map(({ node }: { node: object }) => node)).toContainEqual({ id: paper.id, path: 'vendor portal', firstSeenAt: null }) // prettier-ignore
      const { stewardship, chains } = await answers.ofCredential(paper, 'stewardship { registration { by } checkouts { name to by } } chains { edges { cursor } }') // prettier-ignore
      expect([stewardship.checkouts.length, chains.edges.length]).toEqual([1, 0])
      expect(stewardship).toMatchObject({ registration: { by: CHIEF.key }, checkouts: [{ name: ana.username, to: null, by: CHIEF.key }] }) // prettier-ignore
      expect(await answers.verdicts('governed-not-only-visible', paper, START + 2 * DAY)).toEqual(['UNCONTROLLED'])
      expect(await answers.verdict('identity-attribution', paper, START + 2 * DAY)).toBe('not asked')
      expect(await answers.finding('owner-accountable', paper)).toMatchObject({ state: 'OPEN' })
    })
  })

  describe('given rules of privilege that are published anew', () => {
    const [secret, ana] = [story.secret(), story.person()]
    story.tells(function* () {
      yield DAY
      yield DAY
      yield* reads(story, ana, secret)
      yield* serves(story, 'batch', '10.60.8.72', secret)
      yield 18 * DAY
      publishes(story, () => `publishPrivilegeRules(rules: [{ id: "refunds", path: "secret/${secret.slot.path}" }, { id: "production-path", path: "**/prod*/**" }])`) // prettier-ignore
    })
    it('R2.9 R1.8 what is privileged is so by the rules of that date; the rule is shown, and bare use of it fails from then on', async () => {
      expect((await answers.inventory(secret, START + 19 * DAY)).privilegedBy).toBeNull()
      expect((await answers.inventory(secret, START + 22 * DAY)).privilegedBy).toBe('refunds')
      expect(await answers.verdicts('task-context', secret, START + 19 * DAY, START + 22 * DAY)).toEqual(['not asked', 'UNCONTROLLED']) // prettier-ignore
      expect(await answers.changes('task-context', secret)).toMatchObject([{ from: null, to: 'UNCONTROLLED' }, { from: 'UNCONTROLLED', to: null, cause: 'TIME' }]) // prettier-ignore
    })
  })
}
