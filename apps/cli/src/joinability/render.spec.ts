import type { JoinabilityReport, JoinableHop } from '@catena/joinability'
import { cutAt } from '@catena/ledger'
import { describe, expect, it } from '@jest/globals'
import { joinabilityJson } from './json.js'
import { renderBroken } from './render-broken.js'
import { renderJoinability } from './render.js'

const PAPER = { columns: 100, colour: false }
const AS_OF = { position: 9, cut: cutAt(9), validAt: undefined }
const place = {
  source: 'vault',
  mount: 'auth/jwt-ci/',
  role: 'deploy',
  method: 'jwt',
  origin: 'federated',
  issuer: 'github/github.com',
} as const
const setting = {
  system: 'vault/prod',
  where: 'auth/jwt-ci/role/deploy',
  field: 'claim_mappings',
  value: '{"run_id":"run_id"}',
}
const advice = [{ becomes: 'provable', helps: 3, settings: [setting] }] as const
const hop: JoinableHop = {
  place,
  joins: 'run attempt',
  provability: 'inferable',
  why: 'logins carry repository',
  basis: 'records',
  advice,
  retrievals: { proven: 0, inferred: 1, ambiguous: 2, missing: 0 },
  evidence: [4, 5],
}
const report: JoinabilityReport = {
  survey: { from: 0, to: 30 * 86_400_000, days: 30, retrievals: [], truncated: true, roles: [] },
  hops: [hop],
  proposals: [
    {
      source: 'vault',
      mount: 'auth/new/',
      issuer: 'github/github.com',
      claims: [],
      yaml: '- mount: auth/new/\n  issuer: github:github.com',
      words: 'auth/new/ of vault and github/github.com: run_id matches run_id in 97 of 100 logins',
    },
  ],
  broken: [
    {
      hop: 'login to session or run',
      state: 'ambiguous',
      reason: 'several fit',
      source: 'vault',
      place,
      retrievals: 2,
      credentials: 1,
      examples: ['vault:1'],
      remedy: 'map it',
      advice,
      evidence: [],
    },
  ],
}

describe('joinability for people', () => {
  const text = renderJoinability(report, AS_OF, PAPER)

  it('R1.5 shows provability, why, what was seen and the exact setting with what it helps', () => {
    expect(text).toContain('vault auth/jwt-ci/ as deploy to run attempt at github/github.com')
    expect(text).toContain('INFERABLE  logins carry repository (records #4 +1)')
    expect(text).toContain('seen  1 inferred, 2 ambiguous')
    expect(text).toContain('then provable, helps 3 retrievals')
    expect(text).toContain('vault/prod auth/jwt-ci/role/deploy: claim_mappings {"run_id":"run_id"}')
  })

  it('R1.5 shows what records suggest as not joined, with YAML that can be pasted', () => {
    expect(text).toContain('suggested, not joined: auth/new/')
    expect(text).toContain('      - mount: auth/new/\n        issuer: github:github.com\n')
  })

  it('says that there were more retrievals than it looked at', () => {
    expect(text).toContain('the newest of them were looked at')
  })
})

describe('broken chains for people', () => {
  it('R1.5 begin with how many, then cause, place and remedy', () => {
    const text = renderBroken(report, AS_OF, PAPER)
    expect(text).toContain(
      '2  AMBIGUOUS several fit: login to session or run, vault auth/jwt-ci/ as deploy; 1 credential',
    )
    expect(text).toContain('close map it')
    expect(text).toContain('catena trace vault:1')
  })
})

describe('joinability for scripts', () => {
  it('names the cut and every hop', () => {
    const answer = JSON.parse(joinabilityJson(report, AS_OF)) as { asOf: { cut: string }; hops: unknown[] }
    expect(answer.asOf.cut).toBe(cutAt(9))
    expect(answer.hops).toHaveLength(1)
  })
})
