import type { Activity, Connector, JsonObject, Key, KeyGroup, SourceInstance, Verb } from '@catena/domain'
import type { NewRecord } from '@catena/ledger'

export const SOURCE: SourceInstance = {
  id: 'vault-prod',
  kind: 'vault',
  scope: 'prod',
  sharedIdentities: [],
  gaps: [],
  federations: [],
}

const NOON = Date.UTC(2026, 2, 1, 12)

/** A record whose payload is an activity as one observer tells it: few facts, few keys, so that many observations meet. */
export function observationAt(serial: number, chance: () => number): NewRecord {
  const upTo = (max: number): number => Math.floor(chance() * max)
  const occurredAt = NOON + upTo(6)
  const observation = {
    factId: `fact-${upTo(8)}`,
    kind: chance() < 0.3 ? 'unclassified' : 'secret-read',
    occurredAt,
    outcome: ['unknown', 'succeeded', 'denied'][upTo(3)],
    target:
      chance() < 0.3
        ? undefined
        : { system: 'vault/prod', container: `kv_${upTo(2)}`, containerName: `m${upTo(3)}/`, path: 'x' },
    groups: [group('caller', 'presents', upTo), group('entity', 'binds', upTo)],
    attributes: { [`a${upTo(2)}`]: upTo(2) },
  }
  return {
    source: SOURCE.id,
    stream: 'audit',
    type: 'read',
    occurredAt,
    recordId: Buffer.from(String(serial).padStart(16, '0')),
    payload: Buffer.from(JSON.stringify(observation)),
    schemaVersion: 1,
    subjects: [],
  }
}

function group(role: string, verb: Verb, upTo: (max: number) => number): Omit<KeyGroup, 'forms'> & { keys: string[] } {
  const namespace = verb === 'binds' ? 'vault-entity' : 'vault-token'
  const names = [0, 1, 2].filter(() => upTo(2) === 0).map((form) => `${namespace}:prod:${upTo(2)}-${form}`)
  return { role, verb, trust: 'verified', keys: names.length === 0 ? [`${namespace}:prod:${upTo(2)}-0`] : names }
}

/** Reads such a payload. */
export const connector = {
  kind: 'vault',
  interpret({ position, source, payload }) {
    const { groups, ...told } = payload as JsonObject & { groups: (Omit<KeyGroup, 'forms'> & { keys: Key[] })[] }
    return {
      ...told,
      source,
      type: 'read',
      resolutionMs: 1,
      groups: groups.map(({ keys, ...rest }) => ({ ...rest, forms: keys.map((key) => ({ key, position })) })),
      conflicts: [],
      positions: [position],
    } as unknown as Activity
  },
} as Pick<Connector, 'kind' | 'interpret'> as Connector
