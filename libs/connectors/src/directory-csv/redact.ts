import type { JsonObject, Mask } from '@catena/domain'
import { allow, redactBy } from '../redaction.js'
import { identifyRow } from './identify.js'

const ROW = allow({
  at: 'keep',
  row: 'keep',
  id: 'keep',
  user_name: 'keep',
  email: 'keep',
  display_name: 'keep',
  manager: 'keep',
  department: 'keep',
  title: 'keep',
  employment: 'keep',
  start_date: 'keep',
  end_date: 'keep',
  groups: 'keep',
  same_as: 'keep',
  workload: 'keep',
  sponsors: 'keep',
  '*': 'drop',
})
const UNKNOWN = allow({ at: 'keep', row: 'keep', '*': 'drop' })

export function redactRow(record: JsonObject, mask: Mask): JsonObject {
  return redactBy(identifyRow(record).known ? ROW : UNKNOWN, record, mask)
}
