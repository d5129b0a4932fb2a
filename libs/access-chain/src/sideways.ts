import type { Activity } from '@catena/domain'
import { positionsOf, type Sideways } from './chain.js'
import { groupOf, keyOf, keysOf, type Evidence } from './evidence.js'
import { textOf } from './lives.js'
import type { Session } from './sessions.js'

/** Who stands beside the path. */
export function sidewaysOf(evidence: Evidence, fact: Activity, sessions: readonly Session[]): Sideways[] {
  return [...initiators(sessions), ...givers(evidence, fact), ...unwrappers(evidence, fact)]
}

function initiators(sessions: readonly Session[]): Sideways[] {
  if (sessions.length !== 1) return []
  const runs = (sessions[0]?.establishers ?? []).filter((fact) => textOf(fact, 'initiator') !== undefined)
  const [first] = runs
  if (first === undefined) return []
  const key = keyOf(first, 'initiator')
  const name = textOf(first, 'initiator') ?? ''
  return [
    {
      role: 'initiator',
      state: 'proven',
      name,
      ...(key === undefined ? {} : { principal: { key, kind: 'person', name } }),
      evidence: positionsOf(runs),
    },
  ]
}

function givers(evidence: Evidence, fact: Activity): Sideways[] {
  if (fact.kind !== 'response-unwrapped') return []
  const makers = keysOf(fact, 'opened').flatMap((key) => evidence.factsBy(key, 'establishes'))
  return makers.map((maker) => ({
    role: 'giver',
    state: 'proven',
    fact: maker.factId,
    ...nameOf(maker),
    evidence: positionsOf([fact, maker]),
  }))
}

/** Of a token that was handed over wrapped: who opened the wrapping, by an own token where there was one. */
function unwrappers(evidence: Evidence, fact: Activity): Sideways[] {
  const makers = keysOf(fact, 'caller')
    .slice(0, 1)
    .flatMap((key) => evidence.factsBy(key, 'establishes'))
    .filter((maker) => groupOf(maker, 'wrapped') !== undefined)
  const opened = makers
    .flatMap((maker) => keysOf(maker, 'wrapping').slice(0, 1))
    .flatMap((key) => evidence.factsBy(key, 'presents'))
    .filter((use) => use.kind === 'response-unwrapped' && use.outcome === 'succeeded')
  return opened.map((use) => ({
    role: 'unwrapped',
    state: 'proven',
    fact: use.factId,
    ...nameOf(use),
    evidence: use.positions,
  }))
}

function nameOf(fact: Activity): { name?: string } {
  const name = textOf(fact, 'displayName')
  return name === undefined ? {} : { name }
}
