import { isIP } from 'node:net'
import { nameOfCredential } from '../../feed/phrases.js'
import type { FeedActor, FeedContent, FeedCredential, FeedParty } from '../../feed/event.js'

export type Json = { [name: string]: unknown }

const TYPE_IDS = { person: 1, workload: 4, account: 99, shared: 0, unknown: 0 } as const
const TYPES = { person: 'User', workload: 'Service', account: 'Account of the source', shared: 'Unknown', unknown: 'Unknown' } as const // prettier-ignore

/** A user object; one that the records do not name is called `unknown`, whatever was shown or is possible. */
export function actorUser(actor: FeedActor | undefined): Json {
  if (actor?.name === undefined) return { name: 'unknown', type_id: 0, type: 'Unknown' }
  return {
    name: actor.name,
    uid: actor.id,
    type_id: TYPE_IDS[actor.kind],
    type: TYPES[actor.kind],
  }
}

export function actorObject(content: FeedContent): Json {
  const through = content.chain?.path.through
  return { user: actorUser(content.actor), session: through === undefined ? undefined : { uid: through } }
}

export function partyUser(party: FeedParty | undefined): Json {
  return { name: party?.name ?? 'unknown', uid: party?.id }
}

export function credentialResource(credential: FeedCredential): Json {
  return {
    name: nameOfCredential(credential),
    type: 'Credential',
    uid: credential.id,
    version: credential.version === undefined ? undefined : String(credential.version),
  }
}

/** What an entity event manages: the credential, else what the content names, else what it refers to. */
export function managedEntity({ credential, entity, reference }: FeedContent): Json {
  if (credential !== undefined) return { ...credentialResource(credential), type_id: 99 }
  if (entity === undefined) return { uid: reference, type: 'Stream', type_id: 99 }
  const isPolicy = entity.type === 'policy'
  return {
    name: entity.name ?? entity.id ?? reference,
    uid: entity.id,
    type: isPolicy ? 'Policy' : entity.type,
    type_id: isPolicy ? 5 : 99,
  }
}

export function sourceEndpoint({ details }: FeedContent): Json {
  const address = ipOf(details?.['remoteAddress'])
  return address === undefined ? { name: 'unknown' } : { ip: address }
}

/** Undefined for what is no plain address (a name, a zone, a list). */
export function ipOf(text: string | undefined): string | undefined {
  return text !== undefined && isIP(text) !== 0 && !text.includes('%') ? text : undefined
}
