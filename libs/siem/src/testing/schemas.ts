import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { Ajv2020 } from 'ajv/dist/2020.js'

function vendored(name: string): unknown {
  return JSON.parse(gunzipSync(readFileSync(new URL(`../../vendor/${name}`, import.meta.url))).toString('utf8'))
}

/** Validates against OCSF's own schema: what is wrong, or an empty list. */
export function ocsfValidator(): (document: unknown) => string[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  const validate = ajv.compile(vendored('ocsf-1.8.0.schema.json.gz') as object)
  return (document) => (validate(document) ? [] : (validate.errors ?? []).map(({ instancePath, message, params }) => `${instancePath} ${message ?? ''} ${JSON.stringify(params)}`)) // prettier-ignore
}

interface EcsField {
  readonly type: string
  readonly array: boolean
  readonly allowed_values?: readonly {
    readonly name: string
    readonly expected_event_types: readonly string[] | null
  }[]
}

/** Validates names, types and allowed values of ECS: what is wrong, or an empty list. */
export function ecsValidator(): (document: object) => string[] {
  const fields = vendored('ecs-fields.json.gz') as Record<string, EcsField>
  return (document) => [...wrongFields(fields, document, ''), ...wrongTypes(fields, document)]
}

function wrongFields(fields: Record<string, EcsField>, value: object, prefix: string): string[] {
  return Object.entries(value).flatMap(([key, child]: [string, unknown]) => {
    const name = `${prefix}${key}`
    const field = fields[name]
    if (name === 'labels') return Object.entries(child as object).flatMap(([label, text]) => (/^[a-z_]+$/.test(label) && typeof text === 'string' ? [] : [`labels.${label}`])) // prettier-ignore
    if (typeof child === 'object' && child !== null && !Array.isArray(child))
      return wrongFields(fields, child, `${name}.`)
    if (field === undefined) return [`${name} is no field of ECS`]
    return wrongValue(name, field, child)
  })
}

function wrongValue(name: string, { type, array, allowed_values: allowed }: EcsField, value: unknown): string[] {
  if (Array.isArray(value) !== array) return [`${name}: ${array ? 'a list' : 'one value'} is expected`]
  const values: unknown[] = Array.isArray(value) ? value : [value]
  return values.flatMap((one) => {
    if (allowed !== undefined && !allowed.some((other) => other.name === one)) return [`${name}: ${String(one)} is not allowed`] // prettier-ignore
    return isOfType(type, one) ? [] : [`${name}: ${String(one)} is no ${type}`]
  })
}

function isOfType(type: string, value: unknown): boolean {
  if (type === 'long') return Number.isSafeInteger(value)
  if (type === 'date') return typeof value === 'string' && !Number.isNaN(Date.parse(value))
  if (type === 'ip') return typeof value === 'string' && /^[\d.]+$|:/.test(value)
  return typeof value === 'string'
}

/** Which types ECS expects of a category. */
function wrongTypes(fields: Record<string, EcsField>, document: object): string[] {
  const { event } = document as { event: { category: string[]; type: string[] } }
  return event.category.flatMap((category) => {
    const expected = fields['event.category']?.allowed_values?.find(({ name }) => name === category)?.expected_event_types
    return event.type.filter((type) => !(expected ?? [type]).includes(type)).map((type) => `${category} with type ${type}`)
  }) // prettier-ignore
}
