import { describe, expect, it } from '@jest/globals'
import type { IntakeCounts } from '../port.js'
import { needsAttention, sourceHealth } from './source-health.js'

const NOW = Date.UTC(2026, 2, 1, 12)
const MINUTE_MS = 60_000
const declared = { heartbeatSeconds: 900 }

function counts(receivedAgoMs: number, occurredAgoMs: number | undefined, stored = 1): IntakeCounts {
  return {
    source: 'vault', lane: 'direct', read: 1, stored, duplicates: 0, quarantined: 1 - stored,
    lastReceivedAt: NOW - receivedAgoMs,
    lastOccurredAt: occurredAgoMs === undefined ? undefined : NOW - occurredAgoMs,
  } // prettier-ignore
}

describe('a source', () => {
  it.each([
    ['healthy', 'within its heartbeat', declared, [counts(14 * MINUTE_MS, 15 * MINUTE_MS)]],
    ['silent', 'after its heartbeat', declared, [counts(16 * MINUTE_MS, 16 * MINUTE_MS)]],
    ['silent', 'whose records of long ago were read just now', declared, [counts(0, 60 * MINUTE_MS)]],
    ['silent', 'whose clock was ahead when it was last received', declared, [counts(60 * MINUTE_MS, -60 * MINUTE_MS)]],
    ['healthy', 'that is heard on one of two lanes', declared, [counts(60 * MINUTE_MS, 60 * MINUTE_MS), counts(0, 0)]],
    ['never-heard', 'of which nothing came', declared, []],
    ['never-heard', 'of which nothing readable came', declared, [counts(0, undefined, 0)]],
    ['healthy', 'that writes no times, by its receipt', declared, [counts(MINUTE_MS, undefined)]],
    ['silent', 'that writes no times, by its receipt', declared, [counts(16 * MINUTE_MS, undefined)]],
    ['never-heard', 'of which nothing came and which declares nothing', {}, []],
    ['unknown', 'that declares no heartbeat, however fresh its records', {}, [counts(0, 0)]],
    ['unknown', 'that is not configured any more', undefined, [counts(0, 0)]],
  ])('is %s %s (R2.7)', (status, _, instance, lanes) => {
    expect(sourceHealth(instance, lanes, NOW).status).toBe(status)
  })

  it('was heard at the older of what its newest record tells and its receipt', () => {
    expect(sourceHealth(declared, [counts(1_000, 5_000)], NOW)).toEqual({
      status: 'healthy', heardAt: NOW - 5_000, lastReceivedAt: NOW - 1_000, lastOccurredAt: NOW - 5_000,
    }) // prettier-ignore
  })

  it.each([
    ['silent', declared, true],
    ['never-heard', declared, true],
    ['never-heard', {}, false],
    ['healthy', declared, false],
    ['unknown', {}, false],
  ] as const)('that is %s needs attention where it declares a heartbeat', (status, instance, expected) => {
    expect(needsAttention({ status }, instance)).toBe(expected)
  })
})
