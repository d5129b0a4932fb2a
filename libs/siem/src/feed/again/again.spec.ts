import { form, makeKey, type Activity, type SourceInstance } from '@catena/domain'
import { NO_SURROUNDINGS, type Surroundings } from '@catena/governance'
import { describe, expect, it } from '@jest/globals'
import { endedBy, endsUnasked, surroundedBy } from './again.js'
import { NOT_YET } from './ground.js'

const HOUR_MS = 3_600_000
const sources = [
  { id: 'vault', kind: 'vault', scope: 'prod', federations: [{ issuer: { kind: 'github', scope: 'github.com' } }] },
  { id: 'github', kind: 'github', scope: 'github.com', federations: [], heartbeatSeconds: 60 },
] as unknown as readonly SourceInstance[]

function covering(coverages: Surroundings['coverages']): Surroundings {
  return { ...NO_SURROUNDINGS, coverages }
}

describe('what is told again for an end of all sessions of an issuer', () => {
  const groups = [{ role: 'sessions', verb: 'ends', trust: 'verified', forms: [form(makeKey('idp-sessions', 'keycloak/acme', 'all'))] }] as const // prettier-ignore
  const everyone = { factId: 'idp:all', occurredAt: HOUR_MS, groups } as unknown as Activity

  it('R8.1 is what was done through that issuer since then, on whichever clock', () => {
    expect(endsUnasked(everyone)).toBe(true)
    expect(endedBy([everyone], new Map(), 5_000)).toEqual([
      { kind: 'sessions', subject: 'keycloak/acme', from: HOUR_MS - 65_000, to: NOT_YET },
    ])
  })
})

describe('what is told again for how far sources were heard of', () => {
  const before = covering({ vault: { from: 10, to: 20 }, github: { from: 10, to: 20 } })
  const again = (now: Surroundings['coverages']) => surroundedBy(before, covering(now), sources)

  it('R8.1 is what was beyond the last word of an issuer', () => {
    expect(again({ vault: { from: 10, to: 20 }, github: { from: 10, to: 50 } })).toEqual([
      { kind: 'coverage', subject: '', from: 20 - HOUR_MS, to: 50 + 60_000 + HOUR_MS },
    ])
  })

  it('R8.1 is nothing where a source says more that no logins elsewhere come through', () => {
    expect(again({ vault: { from: 10, to: 50 }, github: { from: 10, to: 20 } })).toEqual([])
  })

  it('R8.1 is what came through an issuer after its last word, where that is known to be earlier than it seemed, or gone', () => {
    const since = { kind: 'sessions', subject: 'github/github.com', to: NOT_YET }
    expect(again({ vault: { from: 10, to: 20 }, github: { from: 10, to: 15 } })).toEqual([
      { ...since, from: 15 - HOUR_MS },
    ])
    expect(again({ vault: { from: 10, to: 20 } })).toEqual([{ ...since, from: -HOUR_MS }])
  })

  it('R8.1 is what was before the first word of any source', () => {
    expect(again({ vault: { from: 5, to: 20 }, github: { from: 10, to: 20 } })).toEqual([
      { kind: 'coverage', subject: '', from: 5 - HOUR_MS, to: NOT_YET },
    ])
    expect(surroundedBy(NO_SURROUNDINGS, covering({ vault: { from: 5, to: 20 } }), sources)).toEqual([
      { kind: 'coverage', subject: '', from: 0, to: NOT_YET },
    ])
  })
})
