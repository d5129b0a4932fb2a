import { isObject, list, text, type Json, type JsonObject, type Mask } from '@catena/domain'
import { allow, redactBy, type RuleLiteral } from '../redaction.js'
import { identifyScim } from './identify.js'
import { ENTERPRISE } from './schema.js'

const MANAGER: RuleLiteral = { value: 'keep', displayName: 'keep', '*': 'drop' }

const ENTERPRISE_USER: RuleLiteral = {
  employeeNumber: 'keep',
  costCenter: 'keep',
  organization: 'keep',
  division: 'keep',
  department: 'keep',
  manager: MANAGER,
  '*': 'drop',
}

const NAME: RuleLiteral = { formatted: 'keep', givenName: 'keep', familyName: 'keep', '*': 'drop' }
const VALUES: RuleLiteral = { value: 'keep', type: 'keep', primary: 'keep', display: 'keep', '*': 'drop' }

/** Attributes that join or describe. Passwords, numbers, addresses and photographs are left out, names included. */
const RESOURCE: RuleLiteral = {
  id: 'keep',
  schemas: 'keep',
  externalId: 'keep',
  userName: 'keep',
  name: NAME,
  displayName: 'keep',
  title: 'keep',
  userType: 'keep',
  active: 'keep',
  emails: VALUES,
  members: VALUES,
  [ENTERPRISE]: ENTERPRISE_USER,
  '*': 'drop',
}

/** Clients also name attributes inside a value by their path. */
const BY_PATH: RuleLiteral = {
  'name.formatted': 'keep',
  'name.givenName': 'keep',
  'name.familyName': 'keep',
  [`${ENTERPRISE}:employeeNumber`]: 'keep',
  [`${ENTERPRISE}:costCenter`]: 'keep',
  [`${ENTERPRISE}:organization`]: 'keep',
  [`${ENTERPRISE}:division`]: 'keep',
  [`${ENTERPRISE}:department`]: 'keep',
  [`${ENTERPRISE}:manager`]: MANAGER,
  'emails[type eq "work"].value': 'keep',
}

const ENVELOPE: RuleLiteral = { at: 'keep', operation: 'keep', resourceType: 'keep', id: 'keep' }
const BODY = allow(RESOURCE)
const VALUE = allow({ ...RESOURCE, ...BY_PATH, value: 'keep', type: 'keep', primary: 'keep', display: 'keep' })

export function redactScim(record: JsonObject, mask: Mask): JsonObject {
  const envelope = redactBy(allow({ ...ENVELOPE, body: 'drop', '*': 'drop' }), record, mask)
  if (!identifyScim(record).known || !isObject(record.body)) return envelope
  const operations = record.body.Operations ?? record.body.operations
  if (text(record.operation) !== 'patch') return { ...envelope, body: redactBy(BODY, record.body, mask) }
  return { ...envelope, operations: list(operations).flatMap((operation) => redactOperation(operation, mask)) }
}

const OPERATION = allow({ op: 'keep', path: 'keep', value: 'drop', '*': 'drop' })

/** Of an operation on an attribute that is not kept, nothing is; nor of a value that no attribute is named for. */
function redactOperation(operation: Json, mask: Mask): Json[] {
  if (!isObject(operation)) return []
  const path = text(operation.path)
  if (path !== undefined && !KEPT_PATH.test(path)) return []
  const kept = redactBy(OPERATION, operation, mask)
  const isNamed = path !== undefined || isObject(operation.value)
  const value = operation.value === undefined || !isNamed ? undefined : redactValue(operation.value, mask)
  return [value === undefined ? kept : { ...kept, value }]
}

function redactValue(value: Json, mask: Mask): Json | undefined {
  if (Array.isArray(value)) return value.map((each) => redactValue(each, mask)).filter((each) => each !== undefined)
  if (isObject(value)) return redactBy(VALUE, value, mask)
  return redactBy(allow({ value: 'keep' }), { value }, mask).value
}

const KEPT_PATH = new RegExp(
  `^(?:urn:[^ ]*:(?:User|Group):)?(?:userName|externalId|displayName|title|userType|active|name(?:\\.\\w+)?|emails\\b.*|members\\b.*|manager(?:\\.value)?|employeeNumber|costCenter|organization|division|department)$`,
  'i',
)
