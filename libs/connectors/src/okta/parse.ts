import type { JsonObject } from '@catena/domain'
import { parseObject } from '../parsing.js'

/** Members of a LogEvent that some collectors write in lower case. */
const MEMBERS = new Map(
  ['authenticationContext', 'debugContext', 'displayMessage', 'eventType', 'legacyEventType', 'securityContext'].map(
    (name) => [name.toLowerCase(), name],
  ),
)

/** One LogEvent of the System Log, its members named as Okta names them. */
export function parseOkta(text: string): JsonObject {
  const record = parseObject(text)
  const renamed = Object.entries(record).map(([name, member]) => {
    const known = MEMBERS.get(name)
    return [known === undefined || known in record ? name : known, member] as const
  })
  return Object.fromEntries(renamed)
}
