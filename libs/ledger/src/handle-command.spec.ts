import { refusal, type Decider } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { handleCommand } from './handle-command.js'
import { loadStream } from './load-streams.js'
import { MemoryLedger } from './memory-ledger.js'

interface Counted {
  readonly type: 'Counted'
  readonly data: { readonly by: number; readonly unit?: string }
}
const counter: Decider<number, number, Counted, 'TOO_MUCH'> = {
  initial: 0,
  decide: (state, by) => {
    if (by === 0) return []
    return state + by > 10 ? refusal('TOO_MUCH', 'count to ten at most') : [{ type: 'Counted', data: { by } }]
  },
  evolve: (state, { data }) => state + data.by,
}
const request = (command: number) => ({ stream: 'counter', command, by: { actor: 'person:7', at: 1_000 } })

describe('a command', () => {
  it('appends what is decided at the version it was decided on, with actor and time', async () => {
    const ledger = new MemoryLedger()
    const handled = await handleCommand(ledger, counter, { ...request(3), causation: 'command-1' })
    expect(handled).toEqual({ state: 3, events: [{ type: 'Counted', data: { by: 3 } }], version: 1, position: 1 })
    expect((await ledger.readStream('counter'))[0]).toMatchObject({
      type: 'Counted', actor: 'person:7', causation: 'command-1', occurredAt: 1_000, streamVersion: 1,
    }) // prettier-ignore
    expect(await loadStream(ledger, counter, 'counter')).toEqual({ state: 3, version: 1, position: 1 })
  })

  it('that a rule refuses appends nothing and says why', async () => {
    const ledger = new MemoryLedger()
    await handleCommand(ledger, counter, request(8))
    expect(await handleCommand(ledger, counter, request(3))).toEqual(refusal('TOO_MUCH', 'count to ten at most'))
    expect(await ledger.head()).toBe(1)
  })

  it('that changes nothing appends nothing', async () => {
    const ledger = new MemoryLedger()
    await handleCommand(ledger, counter, request(8))
    expect(await handleCommand(ledger, counter, request(0))).toEqual({ state: 8, events: [], version: 1, position: 1 })
  })

  it('that lost a race is decided anew on the new state', async () => {
    const ledger = new MemoryLedger()
    const all = await Promise.all([4, 4, 4].map((by) => handleCommand(ledger, counter, request(by))))
    expect(all.filter((answer) => 'refused' in answer)).toHaveLength(1)
    expect((await loadStream(ledger, counter, 'counter')).state).toBe(8)
  })

  it('reads data of an older version in today’s shape', async () => {
    const ledger = new MemoryLedger()
    await handleCommand(ledger, counter, request(3))
    const later: typeof counter = {
      ...counter,
      schemaVersions: { Counted: 2 },
      upcasters: { Counted: { 1: (data) => ({ ...data, by: 100 * Number(data['by']) }) } },
    }
    expect((await loadStream(ledger, later, 'counter')).state).toBe(300)
    expect(await handleCommand(ledger, { ...later, decide: () => [{ type: 'Counted', data: { by: 1 } }] }, request(1)))
      .toMatchObject({ state: 301 }) // prettier-ignore
    expect((await loadStream(ledger, later, 'counter')).state).toBe(301)
  })
  it('R7.3 on a stream whose last decision was erased is decided on what is left, at the version where it stands', async () => {
    const ledger = new MemoryLedger()
    await handleCommand(ledger, counter, request(3))
    await handleCommand(ledger, counter, request(4))
    await ledger.eraseEvents({ positions: [2], reason: 'test', actor: 'person:dpo' })
    expect(await loadStream(ledger, counter, 'counter')).toEqual({ state: 3, version: 2, position: 2 })
    expect(await handleCommand(ledger, counter, request(5))).toMatchObject({ state: 8, version: 3, position: 4 })
  })
})
