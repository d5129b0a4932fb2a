import { createHash } from 'node:crypto'
import type { NewDecision } from './decisions.js'
import type { LedgerEvent, NewQuarantined, NewRecord } from './port.js'

/** What the contract suites write; the same name gives the same record id. */
export const NOON = Date.UTC(2026, 2, 1, 12)

export function record(name: string, more: Partial<NewRecord> = {}): NewRecord {
  return {
    source: 'vault-prod', stream: 'audit', type: 'read', occurredAt: NOON, recordId: idOf(name),
    payload: Buffer.from(JSON.stringify({ name })), schemaVersion: 1, subjects: [], ...more,
  } // prettier-ignore
}

export function quarantined(name: string): NewQuarantined {
  return {
    source: 'vault-prod', locator: { door: 'file', file: 'audit.log', from: 0, to: 9 }, recordId: idOf(name),
    lengthBytes: 9, reason: 'no JSON', shape: '{aaa:0',
  } // prettier-ignore
}

export function decision(type: string): NewDecision {
  return {
    type,
    schemaVersion: 1,
    occurredAt: NOON,
    actor: 'person:7',
    causation: 'command-1',
    payload: Buffer.from('{}'),
    subjects: [idOf('s')],
  }
}

export function records(from: number, to: number): NewRecord[] {
  return Array.from({ length: to - from }, (_, index) => record(`r${from + index}`))
}

export function batch(items: readonly NewRecord[], poison: readonly NewQuarantined[] = []) {
  return { records: items, quarantined: poison }
}

export function positionsOf(events: readonly LedgerEvent[]): number[] {
  return events.map(({ position }) => position)
}

export function idOf(name: string): Buffer {
  return createHash('sha256').update(name).digest().subarray(0, 16)
}
