import type { Activity, Key, KeyGroup } from '@catena/domain'
import { decodeDecision, type LedgerEvent } from '@catena/ledger'

/** Streams of decisions about whose an alias is. */
const STREAM = 'identity:'

const JOINS: Readonly<Record<string, string>> = {
  AliasJoined: 'joined',
  AliasRejected: 'rejected',
  AliasJoinEnded: 'ended',
}

/**
 * What an operator decided of an alias, as a fact: the walk finds it by its keys, and an as-of leaves it out like any other fact. It happened
 * when it was decided, whatever times it speaks of.
 */
export function interpretIdentityDecision(event: LedgerEvent): Activity | undefined {
  if (!event.stream.startsWith(STREAM)) return undefined
  const decision = decodeDecision(event)
  const join = JOINS[event.type]
  if (decision === undefined || join === undefined) return undefined
  const { alias, principal, reason, from, to } = decision.event.data
  if (typeof alias !== 'string' || typeof principal !== 'string') return undefined
  return {
    factId: `catena:${event.stream}:${decision.version}`,
    source: event.source,
    kind: 'identity-joined',
    type: event.type,
    occurredAt: decision.by.at,
    resolutionMs: 0,
    outcome: 'succeeded',
    groups: [group('alias', alias as Key, event.position), group('principal', principal as Key, event.position)],
    attributes: {
      join,
      alias,
      principal,
      by: decision.by.actor,
      ...(typeof reason === 'string' ? { reason } : {}),
      ...(typeof from === 'number' ? { validFrom: from } : {}),
      ...(typeof to === 'number' ? { validTo: to } : {}),
    },
    conflicts: [],
    positions: [event.position],
  }
}

function group(role: string, key: Key, position: number): KeyGroup {
  return { role, verb: 'relates', trust: 'verified', forms: [{ key, position }] }
}
