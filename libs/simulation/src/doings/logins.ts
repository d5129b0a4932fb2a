import { behindAccount, behindLogin, behindNothing, type Behind } from '../oracle/behind.js'
import type { Held } from '../oracle/held.js'
import { MOUNTS, SHARED_ACCOUNTS, type Mount, type MountName } from '../organisation/mounts.js'
import type { Token } from '../records/vault.js'
import type { World } from '../world.js'
import { exchangeCode, type Session } from './sessions.js'
import { makeToken, record, tellLogin } from './vault.js'
import type { Attempt } from './runs.js'

interface Door {
  readonly mount: Mount
  readonly path: string
  readonly address: string
  readonly agent: string
  readonly span: number
}

const CLI = 'vault/1.21.0 (cli)'
const ACTION = 'vault-action/3.4.0'

/** Somebody with a session logs in to the vault. */
export function logInPerson(world: World, session: Session, address = session.person.address, agent = CLI): Held {
  const { person, origin } = session
  const mount: Mount = MOUNTS[person.mount]
  const values: Record<string, string> = { sid: session.id, email: person.email, sub: person.id }
  const token = makeToken(world, {
    displayName: `${mount.type}-${person.email}`,
    entity: person.entity,
    metadata: metadataOf(mount, values),
    policies: ['default', person.team],
    ttlSeconds: 28_800,
  })
  const isCallback = mount.type === 'oidc'
  if (isCallback) exchangeCode(world, session, world.now + 20)
  const door = { mount, path: isCallback ? 'oidc/callback' : 'login', address, agent, span: isCallback ? 40 : 6 }
  return enter(world, door, token, behindLogin(world, { mount, origin, at: world.now, address }))
}

/** A job of an attempt logs in by the token that its host gave it. */
export function logInRun(world: World, attempt: Attempt, address: string, mountName?: MountName): Held {
  const mount: Mount = MOUNTS[mountName ?? attempt.repository.mount]
  const { repository, run, number, by } = attempt
  const values = { run_id: String(run), run_attempt: String(number), repository: repository.name, actor: by.login }
  const token = makeToken(world, {
    displayName: `jwt-${repository.name}`,
    entity: `${repository.id.toString(16).padStart(8, '0')}-5801-a82a-3da1-ce9da700625c`,
    metadata: metadataOf(mount, values),
    policies: ['ci', 'default', repository.team],
    ttlSeconds: 1_800,
  })
  const login = { mount, origin: attempt.origin, at: world.now, address, repositoryName: repository.name }
  return enter(world, { mount, path: 'login', address, agent: ACTION, span: 6 }, token, behindLogin(world, login))
}

/** A machine of a fleet logs in by the role that all of them hold. */
export function logInFleet(world: World, role: string, address: string, agent = 'vault-agent/1.21.0'): Held {
  const mount: Mount = MOUNTS.fleet
  const token = makeToken(world, {
    displayName: 'approle',
    entity: undefined,
    metadata: { role_name: role },
    policies: ['default', role],
    ttlSeconds: 3_600,
  })
  return enter(world, { mount, path: 'login', address, agent, span: 5 }, token, behindAccount('auth/approle/ fleet', `approle:${role}`, world.now, address)) // prettier-ignore
}

/** Somebody or something logs in by name and password of the vault's own. */
export function logInAccount(
  world: World,
  username: string,
  policies: readonly string[],
  address: string,
  agent = CLI,
): Held {
  const mount: Mount = MOUNTS.account
  const token = makeToken(world, { displayName: `userpass-${username}`, entity: undefined, metadata: { username }, policies: ['default', ...policies], ttlSeconds: 3_600 }) // prettier-ignore
  const shared = SHARED_ACCOUNTS.includes(username) ? `userpass:${username}` : undefined
  const behind = behindAccount('auth/userpass/ account', shared, world.now, address)
  return enter(world, { mount, path: `login/${username}`, address, agent, span: 70 }, token, behind)
}

function metadataOf({ role, claims }: Mount, values: Readonly<Record<string, string>>): Record<string, string> {
  return { role, ...Object.fromEntries(claims.map((claim): [string, string] => [claim, values[claim] ?? ''])) }
}

function enter(world: World, door: Door, token: Token, behind: Behind): Held {
  const { mount, path, address, agent, span } = door
  const at = world.now
  const place = { point: mount.point, type: mount.type, accessor: mount.accessor, class: 'auth' } as const
  const answered = record(world, { from: at, to: at + span, operation: 'update', path: `${mount.point}${path}`, mount: place, address, agent, issues: token }) // prettier-ignore
  const held: Held = { token, behind: answered.isSeen ? behind : behindNothing(behind), isHanded: false, address, agent, isDead: false, isNamed: false } // prettier-ignore
  tellLogin(world, held, answered, `${mount.point}${path}`)
  return held
}
