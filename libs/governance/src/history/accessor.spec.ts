import type { ActorAspect, Chain, Principal } from '@catena/access-chain'
import { form, makeKey, type Activity, type KeyGroup } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { ANA, EITHER } from '../testing/retrievals.js'
import { review } from '../testing/histories.js'
import { isAbout } from './access-review.js'
import { accessorOf, Hops } from './accessor.js'

const [ana, ben] = EITHER.keys.map((key, index): Principal => ({
  key,
  kind: 'person',
  name: ['ana', 'ben'][index] ?? '',
}))
const repository = makeKey('repository', 'github/github.com', '17')
const attempts = ['11/1', '12/1'].map((value) => makeKey('ci-attempt', 'github/github.com', value))
const runs = attempts.map((key): Principal => ({ key, kind: 'workload', name: `acme/shop run ${key.slice(-4)}` }))

/** Records that say of which repository these attempts are. */
const started = (trust: KeyGroup['trust']): Hops =>
  new Hops(
    new Map(
      attempts.map((key) => {
        const groups: KeyGroup[] = [
          { role: 'attempt', verb: 'establishes', trust: 'verified', forms: [form(key)] },
          { role: 'repository', verb: 'binds', trust, forms: [form(repository)] },
        ]
        return [key, { factId: key, groups } as unknown as Activity]
      }),
    ),
  )

const oneOf = (candidates: readonly Principal[], hops = started('verified')) => {
  const actor: ActorAspect = { kind: 'ambiguous', state: 'ambiguous', candidates, caveats: [], evidence: [] }
  return accessorOf({ actor, fact: { source: 'vault' }, path: {} } as unknown as Chain, hops)
}

describe('whoever obtained it, as one of several', () => {
  it('R1.4 stays all of them, in whatever order they are told', () => {
    expect(oneOf([ana!, ben!])).toMatchObject({ kind: 'ambiguous', name: 'ana or ben', keys: EITHER.keys })
    expect(oneOf([ben!, ana!])).toEqual(oneOf([ana!, ben!]))
    expect(oneOf([ana!, ana!])).toMatchObject({ id: ANA.id, kind: 'person' })
  })

  it('R1.4 is one repository where all of them are its runs, by what its host says and not by what is claimed', () => {
    expect(oneOf(runs)).toMatchObject({ kind: 'workload', keys: [repository] })
    expect(oneOf(runs, started('claimed'))).toMatchObject({ kind: 'ambiguous', keys: attempts })
  })

  it('R6.4 is reviewed as the same several alone', () => {
    const of = (keys = EITHER.keys) => review({ of: { kind: 'ambiguous', name: 'x', keys } })
    expect([of(), of([...EITHER.keys].reverse()), of(EITHER.keys.slice(0, 1))].map((one) => isAbout(one, EITHER))).toEqual([true, true, false]) // prettier-ignore
    expect(isAbout(review({}), EITHER)).toBe(false)
  })
})
