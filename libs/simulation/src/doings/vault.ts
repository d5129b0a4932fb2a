import { stamp } from '../engine/time.js'
import { actorOf, pathOf, type Held } from '../oracle/held.js'
import { VAULT } from '../organisation/names.js'
import { auditLines, leaseEndLine, tokenOf, type Token, type TokenDraft, type VaultRequest } from '../records/vault.js'
import type { Noted } from '../records/journal.js'
import type { World } from '../world.js'

/** A request of somebody who holds a token. */
export interface Asked extends Omit<VaultRequest, 'id' | 'from' | 'to' | 'address' | 'agent' | 'caller' | 'isDead'> {
  readonly what: string
  readonly address?: string | undefined
  readonly agent?: string
  readonly isNearEnd?: boolean
}

export function makeToken(world: World, draft: Omit<TokenDraft, 'accessor' | 'sent' | 'inner' | 'issuedAt'>): Token {
  const { chance } = world
  return tokenOf({ ...draft, accessor: chance.letters(24), sent: chance.hex(8), inner: chance.hex(8), issuedAt: world.now }) // prettier-ignore
}

/** Writes a request and what is true of it. */
export function ask(world: World, held: Held, asked: Asked): Noted {
  const { address = held.address, agent = held.agent, what, isNearEnd, ...rest } = asked
  const { isDead } = held
  const at = world.now
  const answered = record(world, { ...rest, from: at, to: at + 3, address, agent, caller: held.token, isDead })
  if (!answered.isSeen) return answered
  if (!isDead) held.isNamed = true
  tellTruth(world, held, { ...answered, what, target: asked.path, address, at, isDead, isNearEnd })
  return answered
}

/** A login has a chain too: whoever made the token. */
export function tellLogin(world: World, held: Held, answered: Noted, path: string): void {
  if (!answered.isSeen) return
  const { at, address } = held.behind
  tellTruth(world, held, { ...answered, what: 'login', target: path, address, at, isDead: false })
}

export function record(world: World, request: Omit<VaultRequest, 'id'>): Noted {
  const id = world.chance.id()
  const lines = auditLines({ ...request, id })
  const isSeen = world.journal.write('vault-audit.log', request.from, lines[0])
  // A request that began in the lost hour is lost whole, so that no halves remain.
  if (isSeen) world.journal.write('vault-audit.log', request.from, lines[1])
  return { fact: `vault:${VAULT}:${id}`, isSeen }
}

interface Told extends Noted {
  readonly what: string
  readonly target: string
  readonly address: string
  readonly at: number
  readonly isDead: boolean
  readonly isNearEnd?: boolean | undefined
}

function tellTruth(world: World, held: Held, { fact, what, target, at, address, isDead, isNearEnd }: Told): void {
  const use = { at, address, isDead, isNearEnd }
  world.truths.tell({
    request_id: fact.slice(`vault:${VAULT}:`.length),
    fact,
    at: stamp(at),
    action: what,
    target,
    hop: held.isHanded ? 'token handed over' : held.behind.hop,
    path: pathOf(held, use),
    actor: actorOf(held, use, world.skewMs),
  })
}

/** The server's log tells that a lease is over. */
export function endLease(world: World, leaseId: string): void {
  world.journal.write('vault-server.log', world.now, leaseEndLine(world.now, leaseId))
}
