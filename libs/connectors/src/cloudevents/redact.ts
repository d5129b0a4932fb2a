import type { JsonObject, Mask } from '@catena/domain'
import { redactBy } from '../redaction.js'
import { profiledType } from './identify.js'
import { RULES, UNKNOWN } from './rules.js'

/** Prompts, arguments, results, reasons and titles are free text: no rule knows them, so they are left out. */
export function redactEvent(record: JsonObject, mask: Mask): JsonObject {
  const type = profiledType(record)
  return redactBy(type === undefined ? UNKNOWN : RULES[type.concern], record, mask)
}
