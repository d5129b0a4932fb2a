import { ScimError } from './scim-error.js'

export type FilterAttribute = 'userName' | 'externalId' | 'id' | 'displayName'

/** One comparison, which is all that provisioning clients send. */
export interface Filter {
  readonly attribute: FilterAttribute
  readonly value: string
}

/** A map, because names come from outside. */
const ATTRIBUTES: ReadonlyMap<string, FilterAttribute> = new Map([
  ['username', 'userName'],
  ['externalid', 'externalId'],
  ['id', 'id'],
  ['displayname', 'displayName'],
])

/** `userName eq "ann@acme.example"`; names and operators in any case (RFC 7644 section 3.4.2.2). Throws ScimError. */
export function parseFilter(text: string | undefined): Filter | undefined {
  if (text === undefined || text.trim() === '') return undefined
  const [, name = '', quoted = ''] = /^\s*([\w:.]+)\s+eq\s+("(?:[^"\\]|\\.)*")\s*$/i.exec(text) ?? []
  const attribute = ATTRIBUTES.get(name.replace(/^urn:.*:/i, '').toLowerCase())
  if (attribute === undefined)
    throw new ScimError(
      400,
      'filter by userName, externalId, displayName or id with eq and a quoted value',
      'invalidFilter',
    )
  try {
    return { attribute, value: JSON.parse(quoted) as string }
  } catch {
    throw new ScimError(400, 'the quoted value of the filter is no JSON text', 'invalidFilter')
  }
}

export interface PageOf {
  /** From 1. */
  readonly startIndex: number
  readonly count: number
}

/** Most resources of one page. */
export const COUNT_MAX = 200

/** Values below what makes sense are read as the least (RFC 7644 section 3.4.2.4). */
export function parsePage(startIndex: string | undefined, count: string | undefined): PageOf {
  const [start, size] = [Number(startIndex ?? 1), Number(count ?? COUNT_MAX)]
  if (!Number.isInteger(start) || !Number.isInteger(size))
    throw new ScimError(400, 'startIndex and count are whole numbers', 'invalidValue')
  return { startIndex: Math.max(1, start), count: Math.min(COUNT_MAX, Math.max(0, size)) }
}
