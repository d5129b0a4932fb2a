import { ask, OutsideFailed, readSecretFile, refusedBy, type Answered, type VaultSystem } from '@catena/platform'
import type { Action } from '../action.js'
import type { Carrier } from './carrier.js'

/** HashiCorp Vault and OpenBao: ends leases and tokens by their names in the audit log, and deletes roles. Its token may do that and nothing else (docs/remediation.md). */
export function vaultCarrier({ id, url, tokenFile, namespace, allow }: VaultSystem): Carrier {
  const send = async ({ method, path, body }: Request, signal: AbortSignal): Promise<Answered> =>
    ask({
      method,
      url: new URL(`v1/${path}`, withSlash(url)),
      headers: {
        'content-type': 'application/json',
        'x-vault-token': await readSecretFile(tokenFile),
        'x-vault-request': 'true',
        ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }),
      },
      signal,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  return {
    id,
    allow,
    carryOut: async (action, signal) => {
      const answer = await send(requestOf(action), signal)
      if (answer.status === 204) return 'Vault took it'
      // It answers so for an accessor that it does not know; of a lease that it does not know it says nothing.
      if (answer.status === 200) return 'Vault no longer knows it'
      throw refusedBy('Vault', answer)
    },
  }
}

interface Request {
  readonly method: 'POST' | 'DELETE'
  readonly path: string
  readonly body?: object
}

function requestOf(action: Action): Request {
  switch (action.do) {
    case 'revoke-lease':
      // By the path, which the audit log shows: of a body it would show a hash, and nobody could join the end to the lease.
      return { method: 'POST', path: `sys/leases/revoke/${leasePath(action.lease)}`, body: { sync: true } }
    case 'revoke-accessor':
      return { method: 'POST', path: 'auth/token/revoke-accessor', body: { accessor: action.accessor } }
    case 'delete-role':
      return { method: 'DELETE', path: rolePath(action.role) }
    default:
      throw new OutsideFailed(`Vault cannot ${action.do}`)
  }
}

function leasePath(lease: string): string {
  if (lease.split('/').some((step) => step === '' || step === '.' || step === '..'))
    throw new OutsideFailed(`${lease} is no lease`)
  return lease.split('/').map(encodeURIComponent).join('/')
}

/** Of the configuration all the same: a path that climbs or leaves `auth/` is refused. */
function rolePath(role: string): string {
  if (!/^auth\/[\w./-]+\/role\/[\w.-]+$/.test(role) || role.includes('..'))
    throw new OutsideFailed(`${role} is no role of an auth method, as auth/approle/role/payments is`)
  return role
}

function withSlash(url: URL): URL {
  return url.pathname.endsWith('/') ? url : new URL(`${url.href}/`)
}
