import type { Key } from '@catena/domain'
import { UNSTEWARDED, type SharingException } from '@catena/governance'
import { describe, expect, it } from '@jest/globals'
import { fromWhere, onRecordOf } from './on-record.js'

const AT = Date.UTC(2026, 5, 1)
const by = 'person:idp:ada' as Key
const exception = (more: Partial<SharingException> = {}): SharingException => ({
  id: 'e1', positions: [7], kind: 'legacy-batch', controls: ['no-shared-identity'], from: AT - 1, until: AT + 1, compensations: [], ...more,
}) // prettier-ignore
const heartbeat = (lastHeardAt: number) => ({ id: 'e1', positions: [], name: 'log', heartbeatMs: 10, lastHeardAt })

describe('R6.3 what a reviewer is told of a credential', () => {
  it('is what somebody said; of what nobody said there is nothing, not even a zero', () => {
    expect(onRecordOf({ stewardship: UNSTEWARDED, exceptions: [] }, AT)).toEqual({ copies: undefined })
    const copy = { kind: 'ci-variable' as const, place: 'acme/deploy', by, at: AT, position: 3 }
    const stewardship = { ...UNSTEWARDED, declared: { purpose: 'nightly export' }, copies: [copy] }
    expect(onRecordOf({ stewardship, exceptions: [] }, AT)).toEqual({
      purpose: 'nightly export',
      copies: 1,
      copiedTo: [{ kind: 'ci-variable', place: 'acme/deploy' }],
    })
  })

  it('has the exceptions in force alone: neither those that ended, nor those that a silent control voids', () => {
    const exceptions = [
      exception({ blastRadius: 'one table' }),
      exception({ id: 'ended', until: AT }),
      exception({ id: 'to come', from: AT + 1 }),
      exception({ id: 'silent', compensations: [heartbeat(AT - 10)] }),
      exception({ id: 'heard', compensations: [heartbeat(AT - 9)] }),
    ]
    const told = onRecordOf({ stewardship: UNSTEWARDED, exceptions }, AT).exceptions
    expect(told?.map(({ id }) => id)).toEqual(['e1', 'heard'])
    expect(told?.[0]).toEqual({ id: 'e1', kind: 'legacy-batch', controls: ['no-shared-identity'], until: AT + 1, blastRadius: 'one table' }) // prettier-ignore
  })

  it('says from where the newest attempt came, and who recorded what was obtained', () => {
    const newest = { fact: 'f', at: AT, outcome: 'succeeded', positions: [1], end: { state: 'missing' } } as never as Parameters<typeof fromWhere>[0]['newest'] // prettier-ignore
    expect(fromWhere({ newest, sources: ['vault'] })).toEqual({ recordedBy: ['vault'] })
    expect(fromWhere({ newest: { ...newest, address: '10.0.0.7' }, sources: [] })).toEqual({ lastFrom: '10.0.0.7', recordedBy: [] }) // prettier-ignore
  })
})
