import { hash } from 'node:crypto'
import { canonicalJson, type Instant, type Json } from '@catena/domain'
import type { Cut } from '@catena/ledger'
import { ApiError } from '../errors/api-error.js'
import { sealed, unsealed } from './cursor-seal.js'

/** A list with its filter, as a cursor names it: a cursor of one list says nothing about another. */
export type ListName = string & { readonly __brand: 'ListName' }

/** A place in a list, and the state of knowledge in which the list was read. */
export interface Cursor {
  readonly list: ListName
  readonly cut: Cut
  readonly validAt: Instant | undefined
  readonly place: readonly string[]
}

const VERSION = 1

export function listName(name: string, filter: unknown): ListName {
  return hash('sha256', canonicalJson([name, filter as Json]), 'hex').slice(0, 12) as ListName
}

export function writeCursor({ list, cut, validAt, place }: Cursor): string {
  return sealed(encode({ list, cut, validAt, place }))
}

function encode({ list, cut, validAt, place }: Cursor): string {
  return Buffer.from(JSON.stringify([VERSION, list, cut, validAt ?? null, ...place])).toString('base64url')
}

/** The cursor comes from the client: its seal says that this caller got it here, and its form is checked too. Throws BAD_CURSOR. */
export function readCursor(given: string): Cursor {
  const text = unsealed(given)
  if (text === undefined) throw unreadable()
  const [version, list, cut, validAt, ...place] = parse(text)
  const cursor = { list: list as ListName, cut: cut as Cut, validAt: (validAt ?? undefined) as number | undefined }
  const sound =
    version === VERSION && [list, cut, ...place].every(isPlainText) && (validAt === null || isInstant(validAt))
  if (!sound || encode({ ...cursor, place: place as string[] }) !== text) throw unreadable()
  return { ...cursor, place: place as string[] }
}

function parse(text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}

/** PostgreSQL refuses NUL in text. */
function isPlainText(value: unknown): boolean {
  return typeof value === 'string' && !value.includes('\u0000')
}

function isInstant(value: unknown): boolean {
  return typeof value === 'number' && Math.abs(value) <= 8.64e15
}

function unreadable(): ApiError {
  return new ApiError('BAD_CURSOR', 'this cursor was not written here: take endCursor of an earlier page')
}
