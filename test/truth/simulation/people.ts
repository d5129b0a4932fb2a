import type { Happening } from './happening.js'
import { type Origin, type Person } from './organisation.js'
import { keycloakAdmin, keycloakEvent, keycloakLine } from './raw.js'

export function hire(course: Happening, username: string, email: string, isNew: boolean): void {
  const person = { id: course.chance.id(), username, email, entity: course.chance.id(), emailKnown: true }
  course.people.push(person)
  if (isNew) administer(course, 'CREATE', person)
}

export function administer(course: Happening, operation: string, person: Person, representation = true): void {
  const { username, email } = person
  const stated = { username, email, enabled: person.disabledAt === undefined }
  tellKeycloak(
    course,
    keycloakAdmin(
      course.now + course.organisation.keycloakOffset,
      course.chance.id(),
      operation,
      person.id,
      representation ? stated : undefined,
    ),
  )
}

export function tellKeycloak(course: Happening, line: string): void {
  course.keycloak.push(line, ...(course.chance.is(0.1) ? [line] : []))
}

export function event(
  course: Happening,
  type: string,
  origin: Origin,
  client: string,
  at: number,
  isTold = true,
): void {
  const person = origin.person
  if (person === undefined || !isTold) return
  const event = {
    type,
    clientId: client,
    userId: person.id,
    sessionId: origin.key.slice('idp-session:'.length),
    details: { username: person.username, code_id: origin.key.slice('idp-session:'.length) },
  }
  const stamp = at + course.organisation.keycloakOffset
  const forms = course.chance.pick([['rest'], ['log'], ['rest', 'log']])
  if (forms.includes('rest')) tellKeycloak(course, keycloakEvent(stamp, { ...event, id: course.chance.id() }))
  if (forms.includes('log')) tellKeycloak(course, keycloakLine(stamp + 0.4, event))
}

export function signIn(course: Happening): void {
  const person = course.chance.pick(course.present())
  const isRecorded = !course.chance.is(0.06)
  const origin: Origin = {
    key: `idp-session:${course.chance.id()}`,
    start: course.now,
    person,
    isRecorded,
    endRecorded: true,
  }
  course.origins.push(origin)
  event(course, 'LOGIN', origin, course.chance.pick(['portal', 'vault']), course.now, isRecorded)
}

export function endSession(course: Happening, origin: Origin): void {
  const { person } = origin
  if (person === undefined || !course.chance.is(0.3)) {
    event(course, 'LOGOUT', origin, 'portal', course.now)
    return
  }
  for (const other of course.origins) if (other.person === person) other.end ??= course.now
  administer(course, 'ACTION', person, false)
}

export function changePerson(course: Happening): void {
  const person = course.chance.pick(course.people)
  if (person.deletedAt !== undefined || course.present().length < 2) return
  if (course.chance.is(0.4)) {
    person.disabledAt ??= course.now
    administer(course, 'UPDATE', person)
    return
  }
  for (const origin of course.origins) if (origin.person === person) origin.end ??= course.now
  person.deletedAt = course.now
  administer(course, 'DELETE', person, false)
  course.now += 30_000
  hire(course, `${person.username}x`, course.chance.is(0.6) ? person.email : `${person.username}x@acme.example`, true)
}
