import { isObject, list, text, UnreadableRecord, type JsonObject } from '@catena/domain'

/** Largest record that is read, in UTF-16 units; real audit records stay far below. */
export const RECORD_LENGTH_MAX = 1024 * 1024

/** The JSON object of a framed record. Throws UnreadableRecord with a reason that quotes nothing of the record. */
export function parseObject(text: string): JsonObject {
  if (text.length > RECORD_LENGTH_MAX) throw new UnreadableRecord('record over 1 MiB')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new UnreadableRecord(
      text.trimStart().startsWith('{') ? 'JSON that ends or breaks inside the record' : 'no JSON object',
    )
  }
  if (!isObject(value)) throw new UnreadableRecord('JSON, but no object')
  return value
}

const NOTHING: JsonObject = Object.freeze({})

/** The texts of a list; whatever else stands in it names nothing. */
export function textsIn(value: unknown): string[] {
  return list(value)
    .map(text)
    .filter((one) => one !== undefined)
}

/** What exporters and collectors write where there is nothing. */
const PLACEHOLDER = /^(?:-+|n\/a|null|none|nil|undefined|unknown|\((?:null|none|unknown)\))$/i

/** Who or what a text names: as a key, a placeholder would join strangers. */
export function named(value: unknown): string | undefined {
  const name = text(value)?.trim()
  return name === undefined || name === '' || PLACEHOLDER.test(name) ? undefined : name
}

/** The object, or one without members where there is none. */
export function objectOr(value: unknown): JsonObject {
  return isObject(value) ? value : NOTHING
}
