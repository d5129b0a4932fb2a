import type { Chain, Principal } from '@catena/access-chain'
import { namespaceOf, valueOf, type Key } from '@catena/domain'

/** A line of answers as the judge reads it. */
export interface Answer {
  readonly request_id: string
  readonly path: {
    readonly state: string
    readonly through?: string
    readonly candidates?: readonly string[]
    readonly reason?: string
  }
  readonly actor: {
    readonly state: string
    readonly principal?: string
    readonly candidates?: readonly string[]
    readonly shared?: string
    readonly reason?: string
    readonly caveats?: readonly string[]
  }
}

export function answerOf(requestId: string, chain: Chain): Answer {
  const { path, actor } = chain
  return {
    request_id: requestId,
    path: {
      state: path.state,
      ...(path.through === undefined ? {} : { through: nameOf(path.through) }),
      ...(path.state === 'ambiguous' ? { candidates: path.candidates.map(nameOf) } : {}),
      ...(path.reason === undefined ? {} : { reason: path.reason }),
    },
    actor: {
      state: actor.state,
      ...(actor.kind === 'attributed' ? { principal: principalName(actor.principal) } : {}),
      ...(actor.kind === 'ambiguous' ? { candidates: actor.candidates.map(principalName) } : {}),
      ...(actor.kind === 'missing'
        ? { reason: actor.reason, ...(actor.shared === undefined ? {} : { shared: actor.shared }) }
        : {}),
      ...(actor.caveats.length === 0 ? {} : { caveats: actor.caveats }),
    },
  }
}

function principalName(principal: Principal): string {
  return principal.kind === 'person' ? `person:${principal.name}` : nameOf(principal.key)
}

export function nameOf(key: Key): string {
  return `${namespaceOf(key)}:${valueOf(key)}`
}
