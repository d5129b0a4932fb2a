import {
  ask,
  OutsideFailed,
  readSecretFile,
  refusedBy,
  type Answered,
  type Asked,
  type KeycloakSystem,
} from '@catena/platform'
import type { Action } from '../action.js'
import type { Carrier } from './carrier.js'

interface Named {
  readonly id: string
  readonly name?: string
  readonly path?: string
  readonly clientId?: string
  readonly subGroups?: readonly Named[]
}

/** Keycloak: takes people out of groups and switches clients off, by its admin API: as a confidential client whose service account may manage users or clients. */
export function keycloakCarrier(settings: KeycloakSystem): Carrier {
  const { id, url, realm, allow } = settings
  const base = new URL(url.href.endsWith('/') ? url.href : `${url.href}/`)
  const admin = (path: string): URL => new URL(`admin/realms/${encodeURIComponent(realm)}/${path}`, base)
  return {
    id,
    allow,
    carryOut: async (action, signal) => {
      const token = await signIn(settings, base, signal)
      const call = (method: Asked['method'], path: string, body?: unknown): Promise<Answered> =>
        ask({
          method,
          url: admin(path),
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          signal,
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        })
      return action.do === 'remove-from-group' ? removeFromGroup(call, action) : disableClient(call, action)
    },
  }
}

type Call = (method: Asked['method'], path: string, body?: unknown) => Promise<Answered>

async function removeFromGroup(call: Call, { user, group }: Extract<Action, { do: 'remove-from-group' }>): Promise<string> {
  const found = await groupNamed(call, group)
  const answer = await call('DELETE', `users/${encodeURIComponent(user)}/groups/${encodeURIComponent(found.id)}`)
  if (answer.status === 204) return `Keycloak took the user out of ${group}`
  if (answer.status === 404) return 'Keycloak no longer has the user'
  throw refusedBy('Keycloak', answer)
} // prettier-ignore

/** By its name, or by its path where several have one name: nobody is taken out of the wrong one. */
async function groupNamed(call: Call, group: string): Promise<Named> {
  const name = group.slice(group.lastIndexOf('/') + 1)
  const listing = listed(await call('GET', `groups?search=${encodeURIComponent(name)}&exact=true`))
  const [found, ...others] = listing.flatMap(withSubGroups).filter((one) => (group.startsWith('/') ? one.path : one.name) === group)
  if (found === undefined) throw new OutsideFailed(`Keycloak has no group ${group}`)
  if (others.length > 0) throw new OutsideFailed(`Keycloak has several groups ${group}: name the path of one, as in ${found.path ?? `/${group}`}`)
  return found
} // prettier-ignore

async function disableClient(call: Call, action: Action): Promise<string> {
  if (action.do !== 'disable-client') throw new OutsideFailed(`Keycloak cannot ${action.do}`)
  const [found] = listed(await call('GET', `clients?clientId=${encodeURIComponent(action.client)}`))
  if (found === undefined) throw new OutsideFailed(`Keycloak has no client ${action.client}`)
  // What is not named stays. The answer above holds the client's secret, which is not to be sent about.
  const answer = await call('PUT', `clients/${encodeURIComponent(found.id)}`, {
    id: found.id,
    clientId: action.client,
    enabled: false,
  })
  if (answer.status === 204) return `Keycloak disabled the client ${action.client}`
  throw refusedBy('Keycloak', answer)
}

function listed(answer: Answered): readonly Named[] {
  const named = read(answer)
  if (!Array.isArray(named)) throw new OutsideFailed('Keycloak answered otherwise than with a list')
  return named as readonly Named[]
}

/** What answers 200 need not be Keycloak: a proxy says so, too. Nothing of it is told, because it can hold secrets. */
function read(answer: Answered): unknown {
  if (answer.status !== 200) throw refusedBy('Keycloak', answer)
  if (answer.isCut) throw new OutsideFailed('Keycloak answered with more than is read: is the url its own, and nothing in between?') // prettier-ignore
  try {
    return JSON.parse(answer.body)
  } catch {
    throw new OutsideFailed('Keycloak answered otherwise than in JSON: is the url its own, and nothing in between?')
  }
}

function withSubGroups(group: Named): Named[] {
  return [group, ...(group.subGroups ?? []).flatMap(withSubGroups)]
}

async function signIn(settings: KeycloakSystem, base: URL, signal: AbortSignal): Promise<string> {
  const { realm, clientId, clientSecretFile } = settings
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: await readSecretFile(clientSecretFile),
  })
  const answer = await ask({
    method: 'POST',
    url: new URL(`realms/${encodeURIComponent(realm)}/protocol/openid-connect/token`, base),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
    signal,
  })
  const { access_token: token } = (read(answer) ?? {}) as { access_token?: unknown }
  if (typeof token !== 'string') throw new OutsideFailed('Keycloak gave no token')
  return token
}
