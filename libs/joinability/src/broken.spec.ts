import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { assess } from './assess.js'
import { brokenGroups } from './broken.js'
import { ACCOUNT, assessed, CI, JOB, login, retrieval, vaultWith, weak } from './testing/surveyed.js'

const job = login(JOB, ['repository'])
const account = login(ACCOUNT, [])
const several = weak('several fit', { state: 'ambiguous' })
const retrievals = [
  retrieval(job, { weak: several, credential: 'a' }),
  retrieval(job, { weak: several, credential: 'b' }),
  retrieval(job, { weak: several, credential: 'b' }),
  retrieval(account, { actor: 'missing', weak: weak('identity not joined', { hop: 'identity to person' }) }),
  retrieval(job, { upstream: 'proven', actor: 'proven' }),
]
const hops = assess(assessed(retrievals, { sources: [vaultWith({}), CI] }))

describe('broken chains', () => {
  it('R1.5 are grouped by their first weak link, the biggest group first, with what would close it', () => {
    const [first, second, ...others] = brokenGroups(retrievals, hops)
    expect(others).toEqual([])
    expect(first).toMatchObject({ reason: 'several fit', state: 'ambiguous', retrievals: 3, credentials: 2 })
    expect(first?.advice[0]?.settings[0]).toMatchObject({ field: 'claim_mappings', where: 'auth/jwt-ci/role/deploy' })
    expect(first?.examples[0]).toBe(retrievals[2]?.fact)
    expect(second).toMatchObject({ reason: 'identity not joined', hop: 'identity to person', retrievals: 1 })
  })

  it('R1.9 are the same groups in whatever order the retrievals come', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(retrievals, { minLength: retrievals.length }), (shuffled) => {
        expect(brokenGroups(shuffled, hops)).toEqual(brokenGroups(retrievals, hops))
      }),
    )
  })
})
