import type { Course } from '../engine/agenda.js'
import { logInPerson, logInRun } from '../doings/logins.js'
import { finishAttempt, startAttempt } from '../doings/runs.js'
import { signIn, signOut } from '../doings/sessions.js'
import { MINUTE } from '../engine/time.js'
import { hire } from '../doings/staff.js'
import { readSecret } from '../doings/tokens.js'
import { ask } from '../doings/vault.js'
import { behindAccount } from '../oracle/behind.js'
import type { Held } from '../oracle/held.js'
import { MOUNTS, type Mount } from '../organisation/mounts.js'
import { tokenOf } from '../records/vault.js'
import type { World } from '../world.js'

const SYS = { point: 'sys/', type: 'system', accessor: 'system_d97f591c', class: 'secret' } as const

/** The first hour: the founders get their accounts, and the vault its mounts, roles and policies, by its root token. */
export function* setup(world: World): Course {
  for (let left = world.options.people; left > 0; left--) {
    world.people.push(hire(world))
    yield 40
  }
  const root = rootToken(world)
  for (const mount of Object.values<Mount>(MOUNTS)) {
    yield 300
    enable(world, root, mount)
  }
  for (const team of world.teams) {
    yield 250
    ask(world, root, { what: 'write policy', operation: 'update', path: `sys/policies/acl/${team}`, mount: SYS, grantedBy: 'root', data: `{"policy":"hmac-sha256:${world.chance.hex(8)}"}` }) // prettier-ignore
  }
  yield 2_000
  yield* tryOut(world)
}

/**
 * Whoever set it up tries it: in, read, and out within seconds, as a person and as a job. Records that lie so near together bound how far
 * the clocks can differ.
 */
function* tryOut(world: World): Course {
  const person = world.people.find(({ mount }) => mount === 'oidc')
  const repository = world.repositories.find(({ mount }) => mount === 'attempt')
  if (person === undefined || repository === undefined) return
  const session = signIn(world, person, 'vault')
  yield 900
  const own = logInPerson(world, session)
  yield 2 * MINUTE
  lastRead(world, own, person.team)
  yield 900
  signOut(world, session)
  const attempt = startAttempt(world, { repository, by: person, lastsMs: 123_000 })
  yield 1_200
  const held = logInRun(world, attempt, '10.40.0.1')
  yield 2 * MINUTE
  lastRead(world, held, repository.team)
  yield attempt.endsAt - world.now
  finishAttempt(world, attempt)
}

function lastRead(world: World, held: Held, team: string): void {
  readSecret(world, held, world.credentials.pick(team, 'kv'), { isNearEnd: true })
}

/** What a role maps decides what its logins can prove, so the records of its writing matter. */
function enable(world: World, root: Held, mount: Mount): void {
  const { point, type, accessor, role, claims } = mount
  ask(world, root, { what: 'enable', operation: 'update', path: `sys/${point.slice(0, -1)}`, mount: SYS, grantedBy: 'root', data: `{"type":"hmac-sha256:${world.chance.hex(8)}"}` }) // prettier-ignore
  if (role === '') return
  const mappings = Object.fromEntries(claims.map((claim) => [claim, `hmac-sha256:${world.chance.hex(8)}`]))
  const data = JSON.stringify({ claim_mappings: mappings, user_claim: `hmac-sha256:${world.chance.hex(8)}` })
  ask(world, root, { what: 'write role', operation: 'update', path: `${point}role/${role}`, mount: { point, type, accessor, class: 'auth' }, grantedBy: 'root', data }) // prettier-ignore
}

function rootToken(world: World): Held {
  const hash = world.chance.hex(8)
  const address = '10.60.0.1'
  const token = tokenOf({ accessor: world.chance.letters(24), sent: hash, inner: hash, displayName: 'root', entity: undefined, metadata: {}, policies: ['root'], issuedAt: world.now, ttlSeconds: 0 }) // prettier-ignore
  return { token, behind: behindAccount('root token', 'root', world.now, address), isHanded: false, address, agent: 'vault/1.21.0 (cli)', isDead: false, isNamed: true } // prettier-ignore
}
