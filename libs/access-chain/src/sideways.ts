import { namespaceOf, type Activity } from '@catena/domain'
import { positionsOf, type Sideways } from './chain.js'
import { isDisputed, isMakingDisputed } from './disputes.js'
import { groupOf, keyOf, keysOf, makersIn, type Evidence } from './evidence.js'
import { textOf } from './lives.js'
import { federatedActor } from './federated-actor.js'
import type { Session } from './sessions.js'
import { makersBeside, type Trace } from './trace.js'
import { distinct, earliestKnown, isOpening, MAKERS_MAX } from './unwrapped.js'

/** Who stands beside the path. */
export function sidewaysOf(evidence: Evidence, fact: Activity, session: Session | undefined): Sideways[] {
  return [
    ...initiators(session),
    ...givers(evidence, fact),
    ...makersOfKey(evidence, fact),
    ...unwrappers(evidence, fact),
  ]
}

/** Who set off this attempt. Records of a run alone do not say which of its attempts they mean. */
function initiators(session: Session | undefined): Sideways[] {
  if (session === undefined || namespaceOf(session.key) === 'ci-run') return []
  const byName = new Map<string, Activity[]>()
  for (const fact of session.establishers) {
    const name = textOf(fact, 'initiator')
    if (name !== undefined) byName.set(name, [...(byName.get(name) ?? []), fact])
  }
  return [...byName].map(([name, runs]) => {
    const key = runs.map((run) => keyOf(run, 'initiator')).find((each) => each !== undefined)
    return {
      role: 'initiator',
      state: byName.size === 1 ? 'proven' : 'ambiguous',
      name,
      ...(key === undefined ? {} : { principal: { key, kind: 'person', name } }),
      evidence: positionsOf(runs),
    }
  })
}

/** For whom an agent, a workload or an account that a call began acted: a person's session, or a run, at the far end of its path. */
export function behalfOf(evidence: Evidence, { hold, begun, terminal }: Trace): Sideways[] {
  if ((hold === undefined && begun === undefined) || terminal.kind !== 'upstream') return []
  const actor = federatedActor(evidence, terminal.login, terminal.upstream)
  const told = actor.kind === 'attributed' ? [actor.principal] : actor.kind === 'ambiguous' ? actor.candidates : []
  return told.map((principal) => ({
    role: 'behalf',
    state: actor.state,
    name: principal.name,
    principal,
    evidence: actor.evidence,
  }))
}

function givers(evidence: Evidence, fact: Activity): Sideways[] {
  if (fact.kind !== 'response-unwrapped') return []
  const opened = keysOf(fact, 'opened')
  const makers = evidence.once(`givers ${opened.join(' ')}`, () => giversOf(opened.flatMap(makersIn(evidence))))
  return makers.map((maker) => ({
    role: 'giver',
    state: makers.length === 1 && !isMakingDisputed(maker) && !isDisputed(fact, 'opened') ? 'proven' : 'ambiguous',
    fact: maker.factId,
    ...nameOf(maker),
    evidence: positionsOf([fact, maker]),
  }))
}

/** As many as are looked at for what was wrapped. */
function giversOf(makers: readonly Activity[]): Activity[] {
  const all = distinct(makers)
  const kept = new Set(earliestKnown(all, MAKERS_MAX))
  return all.filter((maker) => kept.has(maker))
}

/** Who had the caller's key made, where the path does not lead through them. */
function makersOfKey(evidence: Evidence, fact: Activity): Sideways[] {
  return makersBeside(evidence, fact).map((maker) => ({
    role: 'giver',
    state: 'proven',
    fact: maker.factId,
    ...nameOf(maker),
    evidence: positionsOf([fact, maker]),
  }))
}

/** Of a token that was handed over wrapped: who opened the wrapping, by an own token where there was one. */
function unwrappers(evidence: Evidence, fact: Activity): Sideways[] {
  const [token] = keysOf(fact, 'caller')
  if (token === undefined) return []
  const makers = evidence.once(`wrapped ${token}`, () =>
    evidence.factsBy(token, 'establishes').filter((maker) => groupOf(maker, 'wrapped') !== undefined),
  )
  const opened = makers
    .flatMap((maker) => keysOf(maker, 'wrapping'))
    .flatMap((key) => evidence.factsBy(key, 'presents'))
    .filter(isOpening)
  return distinct(opened).map((use) => ({
    role: 'unwrapped',
    state: makers.some(isMakingDisputed) ? 'ambiguous' : 'proven',
    fact: use.factId,
    ...nameOf(use),
    evidence: use.positions,
  }))
}

function nameOf(fact: Activity): { name?: string } {
  const name = textOf(fact, 'displayName')
  return name === undefined ? {} : { name }
}
