import type { SourceInstance } from '@catena/domain'
import type { JoinabilityReport } from '@catena/joinability'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startRecordedJoinability, type RecordedJoinability } from './recorded-joinability.js'

/** Feeding a recording into a database of its own takes its time. */
const START_MAX_MS = 120_000

describe('the recorded organisation', () => {
  let recorded: RecordedJoinability
  let report: JoinabilityReport
  beforeAll(async () => {
    recorded = await startRecordedJoinability()
    report = await recorded.check()
  }, START_MAX_MS)
  afterAll(() => recorded.stop())
  const hop = (mount: string, role: string, joins: string) =>
    report.hops.find((one) => one.place.mount === mount && one.place.role === role && one.joins === joins)

  it('R1.5 says of each role what can be proven, from its records', () => {
    expect(hop('auth/jwt-ci/', 'ci-full', 'run attempt')).toMatchObject({ provability: 'provable', advice: [] })
    expect(hop('auth/jwt-ci/', 'ci-repo', 'run attempt')).toMatchObject({ provability: 'inferable', basis: 'records' })
    expect(hop('auth/oidc/', 'staff', 'session')).toMatchObject({ provability: 'provable' })
    expect(hop('auth/oidc/', 'staff-legacy', 'session')).toMatchObject({ provability: 'inferable' })
  })

  it('R1.5 says of a role that nobody used what its recorded configuration maps', () => {
    expect(hop('auth/jwt-ci/', 'ci-batch-repo', 'run attempt')).toMatchObject({
      provability: 'inferable',
      basis: 'configuration',
    })
    expect(hop('auth/jwt-people/', 'staff', 'session')).toMatchObject({
      provability: 'provable',
      basis: 'configuration',
    })
  })

  it('R1.5 counts as many provable chains as the walk proved, and helps exactly the others', () => {
    for (const { provability, joins, retrievals, advice, place } of report.hops) {
      if (place.origin !== 'federated' || joins === 'person') continue
      const weaker = retrievals.inferred + retrievals.ambiguous + retrievals.missing
      if (provability === 'provable') expect([place.role, weaker]).toEqual([place.role, 0])
      else expect([place.role, retrievals.proven, advice[0]?.helps]).toEqual([place.role, 0, weaker])
    }
  })

  it('R1.5 groups every chain that is not known in path and actor, once', async () => {
    const { reader } = recorded
    const asOf = await reader.asOf()
    const { items } = await reader.facts(asOf, {}, { limit: 1000 })
    const chains = await reader.chains(asOf, items.map(({ item }) => item)) // prettier-ignore
    const open = chains.filter(
      ({ path, actor }) => path.state === 'missing' || path.state === 'ambiguous' || actor.state === 'missing',
    )
    expect(report.broken.reduce((sum, { retrievals }) => sum + retrievals, 0)).toBe(open.length)
    expect(report.broken.map(({ retrievals }) => retrievals)).toEqual(
      report.broken.map(({ retrievals }) => retrievals).sort((a, b) => b - a),
    )
  })

  it('R1.10 gives the same report for the same cut, and none of what came later for an earlier one', async () => {
    const asOf = await recorded.reader.asOf()
    expect(await recorded.check()).toEqual(report)
    const early = await recorded.checkAt({ ...asOf, position: 1_000 })
    expect(early.survey.retrievals.length).toBeLessThan(report.survey.retrievals.length)
  })
})

describe('the same organisation, of which nobody declared whose tokens the mounts accept', () => {
  let recorded: RecordedJoinability
  let report: JoinabilityReport
  const undeclared = (sources: readonly SourceInstance[]) => sources.map((source) => ({ ...source, federations: [] }))
  beforeAll(async () => {
    recorded = await startRecordedJoinability(undeclared)
    report = await recorded.check()
  }, START_MAX_MS)
  afterAll(() => recorded.stop())

  it('R1.5 is proposed the federations that it had, with figures, and the claims in their fields', () => {
    const found = new Map(
      report.proposals.map(({ mount, issuer, claims }) => [
        mount,
        { issuer, claims: claims.map(({ claim, field }) => `${claim}: ${field}`) },
      ]),
    )
    expect(found.get('auth/oidc/')).toEqual({ issuer: 'keycloak/tideline', claims: ['sid: sid', 'email: email'] })
    expect(found.get('auth/jwt-ci/')?.issuer).toBe('github/github.com')
    expect(found.get('auth/jwt-ci/')?.claims).toEqual([
      'run_id: run_id',
      'run_attempt: run_attempt',
      'repository: repository',
    ])
    for (const { claims } of report.proposals)
      for (const { matched, of } of claims) expect(matched).toBeLessThanOrEqual(of)
  })

  it('R1.5 joins nothing by a proposal', () => {
    const undeclaredHops = report.hops.filter(({ place }) => place.origin === 'undeclared')
    expect(undeclaredHops.length).toBeGreaterThan(0)
    for (const { provability, retrievals } of undeclaredHops)
      expect([provability, retrievals.proven + retrievals.inferred + retrievals.ambiguous]).toEqual(['impossible', 0])
    expect(report.broken.map(({ reason, place }) => [reason, place?.mount])).toContainEqual([
      'federation not declared',
      'auth/jwt-ci/',
    ])
  })
})
