import type { Held } from '../oracle/held.js'
import { behindNothing } from '../oracle/behind.js'
import { DATABASE, KV, type Slot } from '../organisation/credentials.js'
import type { Noted } from '../records/journal.js'
import type { World } from '../world.js'
import { ask, makeToken, type Asked } from './vault.js'

const TOKEN = { point: 'auth/token/', type: 'token', accessor: 'auth_token_b3a4f1c2', class: 'auth' } as const

export interface How {
  readonly address?: string
  readonly agent?: string
  /** No policy grants it. */
  readonly isRefused?: boolean
  /** What the token came through ends within seconds. */
  readonly isNearEnd?: boolean
}

export function readSecret(world: World, held: Held, slot: Slot, how: How = {}): Noted {
  const answer = `"data":{"data":{"value":"hmac-sha256:${slot.valueHash}"},"metadata":{"destroyed":false,"version":${slot.version}}},`
  const isServed = how.isRefused !== true && !held.isDead
  return ask(world, held, { what: 'read', operation: 'read', path: `${KV.point}data/${slot.path}`, mount: KV, ...granted(slot, how), ...(isServed ? { answer } : {}) }) // prettier-ignore
}

/** A new version: the one before is no longer what the slot holds. */
export function writeSecret(world: World, held: Held, slot: Slot, how: How = {}): Noted {
  slot.version++
  slot.valueHash = world.chance.hex(8)
  const data = `{"data":{"value":"hmac-sha256:${slot.valueHash}"}}`
  const answer = `"data":{"destroyed":false,"version":${slot.version}},`
  return ask(world, held, { what: 'write', operation: 'update', path: `${KV.point}data/${slot.path}`, mount: KV, data, answer, ...granted(slot, how) }) // prettier-ignore
}

/** Its newest version is there no more; versions before it are. */
export function deleteSecret(world: World, held: Held, slot: Slot, how: How = {}): Noted {
  return ask(world, held, { what: 'delete', operation: 'delete', path: `${KV.point}data/${slot.path}`, mount: KV, ...granted(slot, how) }) // prettier-ignore
}

export interface Lease extends Noted {
  readonly id: string
}

/** A database account made for the caller. */
export function issueLease(world: World, held: Held, slot: Slot, how: How = {}): Lease {
  const path = `${DATABASE.point}creds/${slot.path}`
  const id = `${path}/${world.chance.letters(24)}`
  const answer = `"data":{"username":"hmac-sha256:${slot.valueHash}"},"secret":{"lease_id":"${id}"},`
  const answered = ask(world, held, { what: 'issue lease', operation: 'read', path, mount: DATABASE, answer, ...granted(slot, how) }) // prettier-ignore
  return { ...answered, id }
}

export function revokeSelf(world: World, held: Held): Noted {
  const answered = ask(world, held, { what: 'revoke', operation: 'update', path: 'auth/token/revoke-self', mount: TOKEN, grantedBy: 'default' }) // prettier-ignore
  held.isDead = true
  return answered
}

export interface Child extends Held {
  readonly made: Noted
}

/** A token made for whoever will hold it; a life of 0 has no end. */
export function makeChild(world: World, held: Held, policies: readonly string[], ttlSeconds = 1_800): Child {
  const token = makeToken(world, { displayName: 'token', entity: undefined, metadata: {}, policies: ['default', ...policies], ttlSeconds }) // prettier-ignore
  const made = ask(world, held, { what: 'create token', operation: 'update', path: 'auth/token/create', mount: TOKEN, grantedBy: 'default', issues: token }) // prettier-ignore
  const behind = made.isSeen ? held.behind : behindNothing(held.behind)
  return {
    token,
    behind,
    isHanded: true,
    address: held.address,
    agent: held.agent,
    isDead: false,
    isNamed: false,
    made,
  }
}

function granted({ team }: Slot, { address, agent, isRefused, isNearEnd }: How): Partial<Asked> {
  return {
    ...(isRefused === true ? {} : { grantedBy: team }),
    ...(address === undefined ? {} : { address }),
    ...(agent === undefined ? {} : { agent }),
    ...(isNearEnd === undefined ? {} : { isNearEnd }),
  }
}
