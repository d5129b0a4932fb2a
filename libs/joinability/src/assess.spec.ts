import { describe, expect, it } from '@jest/globals'
import { assess } from './assess.js'
import {
  ACCOUNT,
  assessed,
  CI,
  IDP,
  JOB,
  login,
  PERSON,
  retrieval,
  role,
  UNDECLARED,
  vaultWith,
  weak,
} from './testing/surveyed.js'

const RUN_CLAIMS = { run_id: 'run_id', run_attempt: 'run_attempt', repository: 'repository' }

describe('a role of CI jobs whose logins carry the repository alone', () => {
  const job = login(JOB, ['repository'])
  const reads = [retrieval(job, { upstream: 'ambiguous' }), retrieval(job), retrieval(job, { upstream: 'missing' })]

  it('R1.5 can be inferred, and says which field of the vault would make it provable and what it helps', () => {
    const [hop] = assess(
      assessed(reads, {
        sources: [vaultWith(RUN_CLAIMS), CI],
        roles: [role('auth/jwt-ci/role/deploy', ['repository'])],
      }),
    )
    expect(hop).toMatchObject({ provability: 'inferable', joins: 'run attempt', basis: 'records' })
    expect(hop?.retrievals).toEqual({ proven: 0, inferred: 1, ambiguous: 1, missing: 1 })
    expect(hop?.advice).toEqual([
      {
        becomes: 'provable',
        helps: 3,
        settings: [
          {
            system: 'vault/prod',
            where: 'auth/jwt-ci/role/deploy',
            field: 'claim_mappings',
            value: '{"repository":"repository","run_id":"run_id","run_attempt":"run_attempt"}',
          },
        ],
      },
    ])
  })

  it('R1.5 also needs the declaration where catena.yaml does not read the claims', () => {
    const [hop] = assess(assessed(reads, { sources: [vaultWith({ repository: 'repository' }), CI] }))
    expect(hop?.advice[0]?.settings.map(({ system, field, value }) => [system, field, value])).toEqual([
      ['vault/prod', 'claim_mappings', '{"repository":"repository","run_id":"run_id","run_attempt":"run_attempt"}'],
      ['catena.yaml', 'claims', '{ run_id: run_id, run_attempt: run_attempt }'],
    ])
  })

  it('R1.5 needs the declaration alone where the role maps them already', () => {
    const roles = [role('auth/jwt-ci/role/deploy', ['repository', 'run_id', 'run_attempt'])]
    const [hop] = assess(assessed(reads, { sources: [vaultWith({ repository: 'repository' }), CI], roles }))
    expect(hop?.advice[0]?.settings.map(({ system }) => system)).toEqual(['catena.yaml'])
  })

  it('R1.5 says so where role and declaration name a claim that the token does not hold', () => {
    const roles = [role('auth/jwt-ci/role/deploy', Object.keys(RUN_CLAIMS))]
    const [hop] = assess(assessed(reads, { sources: [vaultWith(RUN_CLAIMS), CI], roles }))
    expect(hop?.advice[0]?.settings[0]).toMatchObject({ system: 'github/github.com', value: 'run_id, run_attempt' })
  })
})

describe('a role that was changed', () => {
  it('R1.5 is judged by its recorded configuration until a login shows what it carries now', () => {
    const old = login(JOB, ['repository'], { at: 10 })
    const sources = [vaultWith(RUN_CLAIMS), CI]
    const roles = [role('auth/jwt-ci/role/deploy', Object.keys(RUN_CLAIMS), 20)]
    expect(assess(assessed([retrieval(old)], { sources, roles }))[0]).toMatchObject({
      provability: 'provable',
      basis: 'configuration',
      advice: [],
    })
    const later = login(JOB, ['repository'], { at: 30 })
    const both = [retrieval(old), retrieval(later)]
    expect(assess(assessed(both, { sources, roles }))[0]).toMatchObject({ provability: 'inferable', basis: 'records' })
  })

  it('R1.5 stands in the list without a retrieval, of a declared mount', () => {
    const roles = [role('auth/jwt-ci/role/unused', ['repository']), role('auth/approle/role/fleet', [])]
    const hops = assess(assessed([], { sources: [vaultWith(RUN_CLAIMS), CI], roles }))
    expect(hops.map(({ place }) => place.role)).toEqual(['unused'])
    expect(hops[0]?.advice[0]?.helps).toBe(0)
  })
})

describe('a role of people', () => {
  const sources = [vaultWith({ sid: 'sid', sub: 'sub', email: 'email' }), IDP]

  it('R1.5 proves the person by an immutable subject and only infers the session', () => {
    const hops = assess(assessed([retrieval(login(PERSON, ['sub']), { actor: 'proven' })], { sources }))
    expect(new Map(hops.map(({ joins, provability }) => [joins, provability]))).toEqual(
      new Map([
        ['session', 'inferable'],
        ['person', 'provable'],
      ]),
    )
  })

  it('R1.5 joins nothing to a provider of which no record has arrived, and says to connect it', () => {
    const heard = new Set(['vault/prod'])
    const hops = assess(assessed([retrieval(login(PERSON, ['sid']), { upstream: 'missing' })], { sources, heard }))
    const session = hops.find(({ joins }) => joins === 'session')
    expect(session?.provability).toBe('impossible')
    expect(session?.advice[0]).toMatchObject({ becomes: 'provable', helps: 1, settings: [{ field: 'sources' }] })
  })
})

describe('an undeclared mount', () => {
  const read = retrieval(login(UNDECLARED, []), { upstream: 'missing', weak: weak('federation not declared') })

  it('R1.5 is joined to nothing, whatever the records suggest', () => {
    const claims = [
      { claim: 'run_id' as const, field: 'run_id', matched: 97, of: 100 },
      { claim: 'run_attempt' as const, field: 'attempt', matched: 97, of: 100 },
    ]
    const proposal = {
      source: 'vault',
      mount: UNDECLARED.mount,
      issuer: 'github/github.com',
      claims,
      yaml: '',
      words: '',
    }
    const [hop] = assess(assessed([read], { proposals: [proposal] }))
    expect(hop).toMatchObject({ provability: 'impossible', retrievals: { missing: 1 } })
    expect(hop?.advice).toMatchObject([{ becomes: 'provable', helps: 1, settings: [{ field: 'federations' }] }])
    expect(hop?.advice[0]?.settings[0]?.value).toBe(
      '- mount: auth/jwt-new/\n  issuer: github:github.com\n  claims: { run_id: run_id, run_attempt: attempt }',
    )
  })
})

describe('an account with a lasting secret', () => {
  it('R1.5 leads to nobody unless an operator joins it; a token that was handed on is not helped by that', () => {
    const account = login(ACCOUNT, [])
    const alone = { upstream: undefined, actor: 'missing' as const }
    const [hop] = assess(
      assessed([
        retrieval(account, { ...alone, weak: weak('identity not joined') }),
        retrieval(account, { ...alone, weak: weak('bearer handed over') }),
      ]),
    )
    expect(hop).toMatchObject({ provability: 'impossible', joins: 'person' })
    expect(hop?.advice.map(({ becomes, helps }) => [becomes, helps])).toEqual([
      ['inferable', 1],
      ['provable', 1],
    ])
  })
})

describe('the list', () => {
  it('R1.5 begins with what would help most', () => {
    const [few, many] = [login(JOB, ['repository']), login({ ...JOB, role: 'build' }, ['repository'])]
    const hops = assess(
      assessed([retrieval(few), retrieval(many), retrieval(many)], { sources: [vaultWith(RUN_CLAIMS), CI] }),
    )
    expect(hops.map(({ place }) => place.role)).toEqual(['build', 'deploy'])
  })
})
