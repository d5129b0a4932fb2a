import type { Activity, Instant, Key } from '@catena/domain'
import type { ActorAspect } from './chain.js'
import { entryAt, owns } from './directory.js'
import type { Evidence } from './evidence.js'
import { isFederated } from './lives.js'
import { sessionsOf } from './path.js'
import { personsNamed } from './people.js'
import { sessionPersons } from './sessions.js'
import type { Trace } from './trace.js'

/**
 * Is a key that of somebody known on the path, be it as one of several: the actor, a person of its sessions, or one whom its logins name? By a name that
 * can change hands it is theirs if a directory gave it to them at that moment. Worked out when first asked.
 */
export function onPath(
  evidence: Evidence,
  fact: Activity,
  traced: Trace,
  actor: ActorAspect,
): (key: Key, at: Instant) => boolean {
  let people: readonly Key[] | undefined
  return (key, at) => {
    people ??= peopleOn(evidence, fact, traced, actor)
    return people.some((one) => evidence.canonical(one) === evidence.canonical(key) || isCalled(evidence, one, key, at))
  }
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

/** Persons of the sessions that the path leads through, whichever of several ways it took. */
function boundOn(traced: Trace): Key[] {
  const between = (traced.between ?? []).flatMap(({ upstream }) => upstream.sessions)
  const sessions = [...between, ...sessionsOf(traced.terminal)]
  return [...sessions.flatMap(({ establishers }) => sessionPersons(establishers)), ...behind(traced).flatMap(boundOn)]
}

function factsOn(traced: Trace): Activity[] {
  return [...traced.passed, ...behind(traced).flatMap(factsOn)]
}

function behind({ terminal }: Trace): readonly Trace[] {
  return terminal.kind === 'contested' ? terminal.traces : []
}
