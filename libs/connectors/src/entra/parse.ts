import type { JsonObject } from '@catena/domain'
import { parseObject } from '../parsing.js'

/** Members of the envelope that some collectors write in lower case. */
const MEMBERS = new Map(
  ['resourceId', 'operationName', 'operationVersion', 'tenantId', 'resultType', 'resultSignature', 'callerIpAddress', 'correlationId'].map(
    (name) => [name.toLowerCase(), name],
  ),
) // prettier-ignore

/** One record, the members of its envelope named as Azure Monitor names them. */
export function parseEntra(text: string): JsonObject {
  const record = parseObject(text)
  const renamed = Object.entries(record).map(([name, member]) => {
    const known = MEMBERS.get(name)
    return [known === undefined || known in record ? name : known, member] as const
  })
  return Object.fromEntries(renamed)
}
