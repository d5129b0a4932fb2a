import {
  at,
  isObject,
  text,
  textAt,
  type JsonObject,
  type Outcome,
  type SourceInstance,
  type Target,
} from '@catena/domain'
import { issuerScope } from '@catena/domain'
import { named as nameIn } from '../parsing.js'
import { CLAIM_NAMES } from './redact.js'

/** Claims of the token that the vault or the resource manager had verified. */
export interface Caller {
  /** Object id in the tenant: of a user or of a service principal. */
  readonly oid: string | undefined
  readonly tenantId: string | undefined
  readonly upn: string | undefined
  readonly appId: string | undefined
  /** Id of the token, as the sign-in that issued it has it. */
  readonly tokenId: string | undefined
  readonly isApplication: boolean
  readonly resource: string | undefined
}

export function callerOf(record: JsonObject): Caller {
  const holder = at(record, 'identity.claim') ?? at(record, 'identity.claims')
  const claims = isObject(holder) ? holder : {}
  const claim = (name: keyof typeof CLAIM_NAMES): string | undefined =>
    CLAIM_NAMES[name].map((one) => nameIn(claims[one])).find((value) => value !== undefined)
  const upn = claim('upn')
  const kind = claim('idtyp')
  return {
    oid: claim('oid')?.toLowerCase(),
    tenantId: claim('tid')?.toLowerCase(),
    upn,
    appId: claim('appid')?.toLowerCase(),
    tokenId: claim('uti'),
    isApplication: kind === 'app' || (kind === undefined && upn === undefined),
    resource: claim('resource')?.toLowerCase(),
  }
}

/** The status decides: `resultType` says `Success` of a secret that is not there, because the request was served. */
export function outcomeOf(record: JsonObject): Outcome {
  const status = statusOf(record)
  if (typeof status === 'number') {
    if (status < 400) return 'succeeded'
    return status === 401 || status === 403 ? 'denied' : 'failed'
  }
  const result = text(record.resultType)?.toLowerCase()
  if (result === 'success' || result === 'succeeded') return isMerelyAnswered(record) ? 'unknown' : 'succeeded'
  if (result === 'unauthorized' || result === 'forbidden') return 'denied'
  return result === 'failure' || result === 'failed' ? 'failed' : 'unknown'
}

/** Of a request, *Success* says that the vault answered, and not what: of that only the status tells. */
function isMerelyAnswered(record: JsonObject): boolean {
  return (
    record.category === 'AuditEvent' &&
    !/^(?:ok|created|accepted|no ?content)$/i.test(text(record.resultSignature) ?? '')
  )
}

function statusOf(record: JsonObject): unknown {
  return at(record, 'properties.httpStatusCode') ?? statusIn(text(record.resultSignature))
}

/** Whether it was refused for want of a token that holds. */
export function isUnauthenticated(record: JsonObject): boolean {
  return statusOf(record) === 401
}

/** `Succeeded.OK` and `Started.` tell nothing beyond the result; `403` and `Forbidden` do. */
function statusIn(signature: string | undefined): number | undefined {
  if (signature === undefined) return undefined
  if (/^\d{3}$/.test(signature)) return Number(signature)
  if (/forbidden/i.test(signature)) return 403
  return /unauthori[sz]ed/i.test(signature) ? 401 : undefined
}

interface Named {
  readonly vault: string
  readonly path: string | undefined
  readonly version: string | undefined
}

const OBJECT =
  /^https:\/\/([a-z0-9-]{1,127})\.(?:vault|managedhsm)\.[a-z0-9.-]+(?:\/(?:deleted)?(secrets|keys|certificates)\/([a-z0-9-]{1,127})(?:\/([a-z0-9]{32}))?(?:\/|$))?/i
const RESOURCE =
  /\/providers\/microsoft\.keyvault\/(?:[a-z]+\/[a-z0-9-]+\/)?(?:deleted)?(?:vaults|managedhsms)\/([a-z0-9-]{1,127})(?:\/(secrets|keys|certificates)\/([a-z0-9-]{1,127}))?/i

/** Names in a vault have no case, and the log writes the resource's id in capitals. */
function named(record: JsonObject): Named | undefined {
  const [id, uri] = [textAt(record, 'properties.id'), textAt(record, 'properties.requestUri')]
  const found = [id, uri].map((url) => OBJECT.exec(url ?? '')).filter((match) => match !== null)
  const url = found.find((match) => match[3] !== undefined) ?? found[0]
  const match = url ?? RESOURCE.exec(text(record.resourceId) ?? '')
  const vault = match?.[1]
  if (vault === undefined) return undefined
  const [type, name, version] = [match?.[2], match?.[3], match?.[4]]
  return {
    vault: vault.toLowerCase(),
    path: type === undefined || name === undefined ? undefined : `${type}/${name}`.toLowerCase(),
    version: version?.toLowerCase(),
  }
}

/** A slot of a vault, whose name is unique in all of Azure; of other resources, what their keys belong to. */
export function targetOf(record: JsonObject, source: SourceInstance): Target | undefined {
  const system = issuerScope(source.kind, source.scope)
  const found = named(record)
  if (found?.path !== undefined) {
    const container = `vaults/${found.vault}`
    return { system, container, containerName: `${found.vault}/`, path: found.path }
  }
  if (found !== undefined) return { system, container: 'vaults', path: found.vault }
  const resource = text(record.resourceId)?.toLowerCase()
  return resource === undefined ? undefined : { system, container: 'resources', path: resource.replace(/^\//, '') }
}

export function versionOf(record: JsonObject): string | undefined {
  return named(record)?.version
}
