import { describe, expect, it } from '@jest/globals'
import type { Activity, KeyGroup } from './activity.js'
import { isRetrieval } from './retrieval.js'

const wrapping: KeyGroup = { role: 'wrapping', verb: 'establishes', trust: 'verified', by: 'handover', forms: [] }

function read(more: Partial<Activity>): Activity {
  return { factId: 'f', source: 's', kind: 'secret-read', type: 't', occurredAt: 1, resolutionMs: 0, outcome: 'succeeded', groups: [], attributes: {}, conflicts: [], positions: [1], ...more }
} // prettier-ignore

describe('a secret that was asked for', () => {
  it('R1.1 was not retrieved by whoever had it wrapped, but by whoever unwraps it', () => {
    expect(isRetrieval(read({ groups: [wrapping] }))).toBe(false)
    expect(isRetrieval(read({ kind: 'lease-issued', groups: [wrapping] }))).toBe(false)
    expect(isRetrieval(read({ kind: 'response-unwrapped' }))).toBe(true)
  })

  it('R1.1 was perhaps retrieved where it is not known whether it was answered wrapped, and tried to be where it was refused', () => {
    expect(isRetrieval(read({}))).toBe(true)
    expect(isRetrieval(read({ outcome: 'unknown' }))).toBe(true)
    expect(isRetrieval(read({ outcome: 'denied' }))).toBe(true)
  })
})
