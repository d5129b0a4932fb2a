import { makeKey, type Key } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { propose } from './propose.js'
import { CI, IDP, JOB, login, UNDECLARED, vaultWith } from './testing/surveyed.js'

const RUN = (run: number): Key => makeKey('ci-run', 'github/github.com', String(run))
const ATTEMPT = (run: number): Key => makeKey('ci-attempt', 'github/github.com', `${run}/1`)

const logins = Array.from({ length: 100 }, (_, index) =>
  login(UNDECLARED, [], { fields: { pipeline: String(index), attempt: '1', team: 'payments' } }),
)
/** What the issuer recorded: all but three of the runs. */
const recorded = new Set(Array.from({ length: 97 }, (_, index) => [RUN(index), ATTEMPT(index)]).flat())
const known = (keys: readonly Key[]) => Promise.resolve(new Set(keys.filter((key) => recorded.has(key))))

describe('an undeclared mount whose values an issuer recorded', () => {
  it('R1.5 is proposed as a federation with the figures behind it and the YAML to paste', async () => {
    const [proposal, ...others] = await propose(logins, [vaultWith({}), CI, IDP], known)
    expect(others).toEqual([])
    expect(proposal?.claims).toEqual([
      { claim: 'run_id', field: 'pipeline', matched: 97, of: 100 },
      { claim: 'run_attempt', field: 'attempt', matched: 97, of: 100 },
    ])
    expect(proposal?.words).toContain('pipeline matches run_id in 97 of 100 logins')
    expect(proposal?.yaml).toBe(
      '- mount: auth/jwt-new/\n  issuer: github:github.com\n  claims: { run_id: pipeline, run_attempt: attempt }',
    )
  })

  it('R1.5 is the same proposal in whatever order the logins come', async () => {
    const sources = [CI, IDP]
    expect(await propose([...logins].reverse(), sources, known)).toEqual(await propose(logins, sources, known))
  })
})

describe('nothing is proposed', () => {
  it('R1.5 for values of which most are not at the issuer, or of which there are too few', async () => {
    const rare = (keys: readonly Key[]) => Promise.resolve(new Set(keys.slice(0, 30)))
    expect(await propose(logins, [CI], rare)).toEqual([])
    expect(await propose(logins.slice(0, 1), [CI], known)).toEqual([])
  })

  it('R1.5 for a mount that is declared', async () => {
    const declared = [login(JOB, [], { fields: { pipeline: '1' } }), login(JOB, [], { fields: { pipeline: '2' } })]
    expect(await propose(declared, [CI], known)).toEqual([])
  })
})
