import type { Happening } from './happening.js'
import { type Held } from './held.js'
import { behindLogin, truthOfUse } from './oracle.js'
import { audit, type Token, type VaultRequest } from './raw.js'

const KV = { point: 'apps/secret/', type: 'kv', accessor: 'kv_1' }
const TOKEN = { point: 'auth/token/', type: 'token', accessor: 'auth_token_1' }
const SYS = { point: 'sys/', type: 'system', accessor: 'system_1' }

export function token(
  course: Happening,
  displayName: string,
  entity: string | undefined,
  metadata: Record<string, string>,
  isBatch: boolean,
): Token {
  return {
    sent: course.chance.id(),
    accessor: isBatch ? undefined : course.chance.id(),
    displayName,
    entity,
    metadata,
    policies: ['default'],
  }
}

export function rootToken(course: Happening): Held {
  const root = { ...token(course, 'root', undefined, {}, false), policies: ['root'] }
  return {
    token: root,
    behind: behindLogin(course, 'root'),
    handed: false,
    address: '10.0.0.1',
    isClear: true,
    isDead: false,
  }
}

export function use(course: Happening): void {
  const held = course.chance.pick(course.held)
  const address = course.chance.is(0.05) ? '10.9.9.9' : held.address
  const path = 'apps/secret/data/teams/a/b/c'
  record(
    course,
    {
      path,
      operation: 'read',
      mount: KV,
      address,
      caller: held.token,
      isDead: held.isDead,
      answer: { metadata: { version: 3 } },
      to: course.now + 3,
    },
    'read',
    held,
  )
}

export function makeChild(course: Happening): void {
  const held = course.chance.pick(course.held)
  if (held.isDead || held.token.accessor === undefined) return
  const issues = token(course, 'token', held.token.entity, {}, course.chance.is(0.2))
  const path = course.chance.pick(['auth/token/create', 'auth/token/create-orphan', 'auth/token/create/deployer'])
  record(
    course,
    { path, operation: 'update', mount: TOKEN, address: held.address, caller: held.token, issues, to: course.now + 3 },
    'create',
    held,
  )
  course.held.push({ ...held, token: issues, handed: true, isClear: held.isClear && course.isClear, isDead: false })
}

/** A wrapped secret or token, opened by its bearer or through the opener's own token, and a second time in vain. */
export function wrap(course: Happening): void {
  const held = course.chance.pick(course.held)
  if (held.isDead || held.token.accessor === undefined) return
  const wrapping = { ...token(course, '', undefined, {}, false), policies: ['response-wrapping'] }
  const isToken = course.chance.is(0.5)
  const issues = isToken ? token(course, 'token', held.token.entity, {}, false) : undefined
  const [path, mount] = isToken ? ['auth/token/create', TOKEN] : ['apps/secret/data/handed', KV]
  record(
    course,
    {
      path,
      operation: 'update',
      mount,
      address: held.address,
      caller: held.token,
      issues,
      wrapping,
      to: course.now + 3,
    },
    'wrap',
    held,
  )
  course.now += course.chance.between(100, 5_000)
  const opener = course.chance.pick(course.held)
  const bearer: Held = {
    ...held,
    token: wrapping,
    handed: true,
    isClear: held.isClear && course.isClear,
    isDead: false,
  }
  const byOwn = course.chance.is(0.5) && !opener.isDead
  const unwrap = { path: 'sys/wrapping/unwrap', operation: 'update', mount: SYS, to: course.now + 3 }
  if (byOwn)
    record(
      course,
      { ...unwrap, address: opener.address, caller: opener.token, body: { token: `inner ${wrapping.sent}` } },
      'unwrap',
      opener,
    )
  else record(course, { ...unwrap, address: '10.7.7.7', caller: wrapping }, 'unwrap', bearer)
  if (course.chance.is(0.3))
    record(course, { ...unwrap, address: '10.7.7.8', caller: wrapping, isDead: true }, 'second unwrap', {
      ...bearer,
      isDead: true,
    })
  if (issues !== undefined)
    course.held.push({ ...held, token: issues, handed: true, isClear: held.isClear && course.isClear, isDead: false })
}

export function revoke(course: Happening): void {
  const held = course.chance.pick(course.held)
  if (held.isDead || held.token.accessor === undefined) return
  record(
    course,
    {
      path: 'auth/token/revoke-self',
      operation: 'update',
      mount: TOKEN,
      address: held.address,
      caller: held.token,
      to: course.now + 3,
    },
    'revoke',
    held,
  )
  held.isDead = true
}

export function record(course: Happening, request: Omit<VaultRequest, 'id' | 'from'>, what: string, by: Held): void {
  const id = course.chance.id()
  const [at, isDead] = [course.now, by.isDead]
  for (const device of course.organisation.devices) audit(device, { ...request, id, from: course.now })
  // Without an accessor, or dead, a token joins only by salted names, and then what a device missed may matter.
  const isSure = by.token.accessor !== undefined && !isDead && by.isClear && course.isClear
  course.pending.push(() => truthOfUse(course, { id, what, at, address: request.address, isDead, isSure }, by))
}
