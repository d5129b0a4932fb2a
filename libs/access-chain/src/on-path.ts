import type { Activity, Instant, Key } from '@catena/domain'
import type { ActorAspect } from './chain.js'
import { entryAt, owns } from './directory.js'
import { keysOf, type Evidence } from './evidence.js'
import { approverIn, initiatorIn, isSameAccount, type Account } from './initiators.js'
import { isFederated } from './lives.js'
import { sessionsOf } from './path.js'
import { personsNamed } from './people.js'
import { sessionPersons, type Session } from './sessions.js'
import type { Trace } from './trace.js'

/**
 * Was it decided by somebody known on the path, be it as one of several: the actor, a person of its sessions, one whom its logins name, or who set off its
 * run? By a name that can change hands it is theirs if a directory gave it to them at that moment. Worked out when first asked.
 */
export function onPath(
  evidence: Evidence,
  fact: Activity,
  traced: Trace,
  actor: ActorAspect,
): (decision: Activity) => boolean {
  let people: readonly Key[] | undefined
  let starters: readonly Account[] | undefined
  return (decision) => {
    people ??= peopleOn(evidence, fact, traced, actor)
    starters ??= startersOn(fact, traced)
    const approver = approverIn(decision)
    if (starters.some((one) => isSameAccount(one, approver))) return true
    return keysOf(decision, 'approver').some((key) => isOneOf(evidence, people ?? [], key, decision.occurredAt))
  }
}

function isOneOf(evidence: Evidence, people: readonly Key[], key: Key, at: Instant): boolean {
  return people.some((one) => evidence.canonical(one) === evidence.canonical(key) || isCalled(evidence, one, key, at))
}

function isCalled(evidence: Evidence, person: Key, name: Key, at: Instant): boolean {
  const entry = entryAt(person, evidence.factsBy(person, 'describes'), at)
  return entry !== undefined && owns(entry, name)
}

function peopleOn(evidence: Evidence, fact: Activity, traced: Trace, actor: ActorAspect): readonly Key[] {
  const logins = [fact, ...factsOn(traced)].filter(isFederated)
  return [...new Set([...principalsOf(actor), ...boundOn(traced), ...logins.flatMap((login) => personsNamed(evidence, login).map(({ key }) => key))])] // prettier-ignore
}

function principalsOf(actor: ActorAspect): Key[] {
  switch (actor.kind) {
    case 'attributed':
      return [actor.principal.key]
    case 'ambiguous':
      return actor.candidates.map(({ key }) => key)
    case 'missing':
      return actor.authority === undefined ? [] : [actor.authority.key]
  }
}

/** Who set off the runs that the path leads through, by their own records; where these do not tell, by what the logins say. */
function startersOn(fact: Activity, traced: Trace): Account[] {
  const told = sessionsOn(traced)
    .flatMap(({ establishers }) => establishers.map(initiatorIn))
    .filter(isKnown)
  return told.length > 0 ? told : [fact, ...factsOn(traced)].map(initiatorIn).filter(isKnown)
}

function isKnown({ ids, names }: Account): boolean {
  return ids.length > 0 || names.length > 0
}

function boundOn(traced: Trace): Key[] {
  return sessionsOn(traced).flatMap(({ establishers }) => sessionPersons(establishers))
}

/** Sessions and runs that the path leads through, whichever of several ways it took. */
function sessionsOn(traced: Trace): Session[] {
  const between = (traced.between ?? []).flatMap(({ upstream }) => upstream.sessions)
  return [...between, ...sessionsOf(traced.terminal), ...behind(traced).flatMap(sessionsOn)]
}

function factsOn(traced: Trace): Activity[] {
  return [...traced.passed, ...behind(traced).flatMap(factsOn)]
}

function behind({ terminal }: Trace): readonly Trace[] {
  return terminal.kind === 'contested' ? terminal.traces : []
}
