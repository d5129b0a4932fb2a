import { MemoryLedger } from '@catena/ledger'
import { describe, expect, it } from '@jest/globals'
import { DENIAL_AGAIN_MS, DenialRecorder } from './denial-recorder.js'

const denial = (caller: string, field: string) => ({
  caller,
  operation: undefined,
  fields: [field],
  request: undefined,
})

describe('what was refused to somebody', () => {
  it('R7.1 is told at once, and again after a minute with the count of what lay between', async () => {
    const clock = { at: 1_000, now: () => clock.at }
    const ledger = new MemoryLedger(clock)
    const recorder = new DenialRecorder(ledger, clock)
    for (let time = 0; time < 5; time++) await recorder.record(denial('person:a', 'Query.evidence'))
    await recorder.record(denial('person:b', 'Query.evidence'))
    await recorder.record(denial('person:a', 'Query.findings'))
    clock.at += DENIAL_AGAIN_MS
    await recorder.record(denial('person:a', 'Query.evidence'))
    const told = (await ledger.readDecisions(0, 100)).map(({ actor, payload }) => {
      const { fields, before } = JSON.parse(payload?.toString() ?? '') as { fields: string[]; before: number }
      return [actor, fields[0], before]
    })
    expect(told).toEqual([
      ['person:a', 'Query.evidence', 0],
      ['person:b', 'Query.evidence', 0],
      ['person:a', 'Query.findings', 0],
      ['person:a', 'Query.evidence', 4],
    ])
  })
})
