import { issuerScope, type Attributes, type Federation, type SourceInstance, type StoredRecord } from '@catena/domain'
import type { KeyGroups } from '../key-groups.js'
import { outcomeOf, type VaultRecord } from './record.js'

/** What an operator declares a federation for. */
const MOUNT = 'logon/'

/** Through which provider people log on, where the operator declares it: the record does not say. Only the name is known. */
function federationOf(source: SourceInstance): Federation | undefined {
  return source.federations.find(({ mount }) => mount === MOUNT)
}

/** The vault gives a logon no id: that of its record stands for it. */
export function presentLogon(groups: KeyGroups, read: VaultRecord, record: StoredRecord, source: SourceInstance): void {
  const federation = federationOf(source)
  groups.login('issued', 'system-session', `logon/${read.id ?? record.recordId}`)
  groups.bind('account', 'account', read.issuer)
  if (federation !== undefined) groups.claims(federation, (field) => (field === 'Issuer' ? read.issuer : undefined))
}

export function logonAttributes(read: VaultRecord, _: StoredRecord, source: SourceInstance): Attributes {
  const federation = federationOf(source)
  const succeeded = outcomeOf(read) === 'succeeded'
  return {
    accountName: read.issuer,
    mountPoint: federation === undefined ? undefined : MOUNT,
    origin: !succeeded ? undefined : federation === undefined ? 'long-lived' : 'federated',
    issuer: federation === undefined ? undefined : issuerScope(federation.issuer.kind, federation.issuer.scope),
    issuerClient: federation?.client,
    sessionMaxMs: federation?.sessionMaxMs,
  }
}
