import { MemoryLedger } from '@catena/ledger'
import { describe, expect, it } from '@jest/globals'
import { DENIAL_AGAIN_MS, DenialRecorder } from './denial-recorder.js'

const denial = (caller: string, ...fields: string[]) => ({
  caller,
  operation: undefined,
  fields,
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

  it('fills no ledger by asking for the same fields in ever other groups', async () => {
    const clock = { at: 1_000, now: () => clock.at }
    const ledger = new MemoryLedger(clock)
    const recorder = new DenialRecorder(ledger, clock)
    const fields = Array.from({ length: 8 }, (_, n) => `Query.f${n}`)
    const groups = Array.from({ length: 255 }, (_, n) => fields.filter((_field, bit) => ((n + 1) >> bit) % 2 === 1))
    for (const group of groups) await recorder.record(denial('person:a', ...group))
    const told = (await ledger.readDecisions(0, 1_000)).map(
      ({ payload }) => JSON.parse(payload?.toString() ?? '') as { fields: string[]; before: number },
    )
    expect(told).toHaveLength(fields.length)
    expect(new Set(told.flatMap((one) => one.fields))).toEqual(new Set(fields))
    clock.at += DENIAL_AGAIN_MS
    await recorder.record(denial('person:a', ...fields))
    expect(JSON.parse((await ledger.readDecisions(0, 1_000)).at(-1)?.payload?.toString() ?? '')).toMatchObject({
      before: 127,
    })
  })
})
