import type { Happening } from './happening.js'
import { type Behind } from './held.js'
import { behindLogin } from './oracle.js'
import { type Mount, type Origin } from './organisation.js'
import { event } from './people.js'
import { type Token } from './raw.js'
import { token, record } from './tokens.js'

export function logInPerson(course: Happening): void {
  const mount = course.organisation.mount(course.chance.pick(['corp-sso', 'people-jwt', 'login']))
  const isMinted = mount.claims.sid !== undefined
  const usable = course.origins.filter(
    ({ person, end, isRecorded }) => person !== undefined && end === undefined && (isMinted || isRecorded),
  )
  if (usable.length === 0) return
  const origin = course.chance.pick(usable)
  const { person } = origin
  if (person === undefined || person.deletedAt !== undefined) return
  const values = {
    sid: origin.key.slice('idp-session:'.length),
    email: person.email,
    sub: person.id,
    preferred_username: person.username,
  }
  const isCallback = mount.type === 'oidc'
  const to = course.now + 40
  if (isCallback) event(course, 'CODE_TO_TOKEN', origin, 'vault', course.now + 20)
  logIn(course, mount, isCallback ? 'oidc/callback' : 'login', values, {
    origin,
    entity: person.entity,
    name: person.email,
    to,
    isCallback,
  })
}

export function logInRun(course: Happening): void {
  const mount = course.organisation.mount(course.chance.pick(['ci-oidc', 'ci-other']))
  const isMinted = mount.claims.run_attempt !== undefined
  const usable = course.origins.filter(
    ({ attempt, end, isRecorded, isForged }) =>
      attempt !== undefined && end === undefined && (isMinted || (isRecorded && isForged !== true)),
  )
  if (usable.length === 0) return
  const origin = course.chance.pick(usable)
  const { attempt } = origin
  if (attempt === undefined) return
  const values = {
    run_id: String(attempt.run),
    run_attempt: String(attempt.attempt),
    repository: attempt.repository.name,
    repository_id: String(attempt.repository.id),
  }
  logIn(course, mount, 'login', values, {
    origin,
    entity: `entity-${attempt.repository.id}`,
    name: attempt.repository.name,
    to: course.now + 5,
    isCallback: false,
  })
}

export function logInAccount(course: Happening): void {
  const mount = course.organisation.mount(course.chance.pick(['staff', 'contractors', 'robots']))
  const isRobot = mount.type === 'approle'
  const name = isRobot ? 'fleet' : course.chance.pick(['sam', 'ada'])
  const joined = mount.name === 'auth/staff/' && name === 'ada' ? course.people[0] : undefined
  const metadata = isRobot ? { role_name: name } : { username: name }
  const issues = token(
    course,
    `${mount.name.slice(5, -1)}-${name}`,
    joined?.entity ?? `entity-${mount.name}-${name}`,
    metadata,
    isRobot && course.chance.is(0.4),
  )
  course.logins.push({ mount, at: course.now, origin: undefined, person: joined })
  finishLogIn(
    course,
    mount,
    isRobot ? 'login' : `login/${name}`,
    issues,
    behindLogin(course, { mount, origin: undefined, at: course.now, isCallback: false, joined, account: name }),
    course.now + 5,
  )
}

export function logIn(
  course: Happening,
  mount: Mount,
  path: string,
  values: Readonly<Record<string, string>>,
  how: { origin: Origin; entity: string; name: string; to: number; isCallback: boolean },
): void {
  const metadata: Record<string, string> = { role: 'any' }
  for (const [claim, field] of Object.entries(mount.claims))
    if (values[claim] !== undefined) metadata[field] = values[claim]
  const issues = token(course, `${mount.name.slice(5, -1)}-${how.name}`, how.entity, metadata, course.chance.is(0.15))
  course.logins.push({ mount, at: course.now, origin: how.origin, person: how.origin.person })
  finishLogIn(
    course,
    mount,
    path,
    issues,
    behindLogin(course, { mount, origin: how.origin, at: course.now, isCallback: how.isCallback }),
    how.to,
  )
}

export function finishLogIn(
  course: Happening,
  mount: Mount,
  path: string,
  issues: Token,
  behind: Behind,
  to: number,
): void {
  const isWrapped = course.chance.is(0.08)
  const wrapping = isWrapped ? token(course, '', undefined, {}, false) : undefined
  const at = { point: mount.name, type: mount.type, accessor: mount.accessor }
  const address = `10.1.0.${course.chance.between(1, 9)}`
  record(
    course,
    { path: `${mount.name}${path}`, operation: 'update', mount: at, address, issues, wrapping, to },
    'login',
    { token: issues, behind, handed: false, address, isClear: course.isClear, isDead: false },
  )
  course.held.push({ token: issues, behind, handed: isWrapped, address, isClear: course.isClear, isDead: false })
}
