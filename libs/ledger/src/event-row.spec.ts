import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { anyCharacter } from '../../../test/any-character.js'
import { ENVELOPE_V1, envelopeOf, recordRows, type EventFacts } from './event-row.js'
import { record } from './ledger-samples.js'
import { microsOf } from './storable.js'

const names = fc.oneof(fc.string(), fc.string({ unit: anyCharacter }), fc.constantFrom('"', '\\', '\u2028', '\u0007'))
const optional = fc.option(names, { nil: undefined })
const id = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes))
const times = fc.integer({ min: -8_000_000_000_000_000, max: 8_000_000_000_000_000 }).map((micros) => micros / 1000)
const events = fc.record({
  position: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  streamVersion: fc.option(fc.integer({ min: 1, max: 1_000_000 }), { nil: undefined }),
  schemaVersion: fc.integer({ min: 1, max: 100 }),
  ...{ stream: names, source: names, sourceStream: names, type: names, actor: optional, causation: optional },
  ...{ recordId: id, subjects: fc.array(id, { maxLength: 3 }), occurredAt: times, recordedAt: times },
})

/** The envelope as its description says it: verifiers that others write know no more. */
function described(event: Omit<EventFacts, 'salt' | 'payload'>, payloadHash: string): string {
  const subjects = event.subjects.map((subject) => subject.toString('hex'))
  return JSON.stringify([
    ...[ENVELOPE_V1, event.position, event.stream, event.streamVersion ?? null, event.source, event.sourceStream],
    ...[event.recordId.toString('hex'), event.type, event.schemaVersion, event.actor ?? null, event.causation ?? null],
    ...[subjects, microsOf(event.occurredAt), microsOf(event.recordedAt), payloadHash],
  ])
}

describe('the envelope of an event', () => {
  it('is the canonical JSON array, whatever names and times it holds', () => {
    const hash = 'ab'.repeat(32)
    fc.assert(
      fc.property(events, (event) => {
        expect(envelopeOf(event, hash)).toBe(described(event, hash))
        expect(envelopeOf(event, Buffer.from(hash, 'hex'))).toBe(described(event, hash))
      }),
      { numRuns: 300 },
    )
  })
})

describe('the rows of a batch', () => {
  it('keep apart records whose names differ', () => {
    const records = ['a', 'b', 'a'].map((type, index) => ({ ...record(`r${index}`), type, source: `s-${type}` }))
    const rows = [...recordRows(records, 10, 0)]
    expect(rows.map(({ position, type, stream }) => [position, type, stream])).toEqual([
      [11, 'a', 'record:s-a'],
      [12, 'b', 'record:s-b'],
      [13, 'a', 'record:s-a'],
    ])
  })
})
