import { isObject, type Json, type JsonObject } from '@catena/domain'

/** Where a string stands in a record: member names, `[]` for elements of a list, `{}` for JSON inside a string. */
export type Path = readonly string[]

export interface Planted {
  /** The path as text, e.g. `target[].id`. */
  readonly at: string
  readonly record: JsonObject
}

/** One copy of the record per string in it, with the canary in its place. */
export function plantInEachString(record: JsonObject, canary: Json): Planted[] {
  return variants(record, canary, '').map(({ at, value }) => ({ at, record: value as JsonObject }))
}

/** The record with a member of an unheard-of name in every object. */
export function plantUnknownMembers(value: Json, canary: string): Json {
  if (Array.isArray(value)) return value.map((element) => plantUnknownMembers(element, canary))
  if (!isObject(value)) return value
  const members = Object.entries(value).map(([name, member]) => [name, plantUnknownMembers(member ?? null, canary)])
  return { ...(Object.fromEntries(members) as JsonObject), unheardOf: canary }
}

/** Elements that no source writes into its lists; the last hides the words by which an object is turned into text. */
const STRANGE: readonly Json[] = [null, [null], {}, { toString: 1, valueOf: 1 }, 7]

/** Copies of the record, each with one text or list that is something strange. */
export function plantStrangeThings(record: JsonObject): Planted[] {
  return [...plantInEachString(record, { toString: 1, valueOf: 1 }), ...plantInEachList(record)]
}

/** Copies of the record, each with one list that holds nothing but something strange. */
function plantInEachList(record: JsonObject): Planted[] {
  return listVariants(record, '').map(({ at, value }) => ({ at, record: value as JsonObject }))
}

function listVariants(value: Json, at: string): { at: string; value: Json }[] {
  if (Array.isArray(value)) {
    const inside = value.flatMap((element, index) =>
      listVariants(element, `${at}[]`).map((variant) => ({ ...variant, value: value.with(index, variant.value) })),
    )
    return [...STRANGE.map((strange) => ({ at, value: [strange] })), ...inside]
  }
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([name, member]) =>
    listVariants(member ?? null, at === '' ? name : `${at}.${name}`).map((variant) => ({
      ...variant,
      value: { ...value, [name]: variant.value },
    })),
  )
}

function variants(value: Json, canary: Json, at: string): { at: string; value: Json }[] {
  if (typeof value === 'string') return [{ at, value: canary }, ...variantsInside(value, canary, at)]
  if (Array.isArray(value)) {
    return value.flatMap((element, index) =>
      variants(element, canary, `${at}[]`).map((variant) => ({ ...variant, value: value.with(index, variant.value) })),
    )
  }
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([name, member]) =>
    variants(member ?? null, canary, at === '' ? name : `${at}.${name}`).map((variant) => ({
      ...variant,
      value: { ...value, [name]: variant.value },
    })),
  )
}

function variantsInside(text: string, canary: Json, at: string): { at: string; value: Json }[] {
  if (!/^[[{]/.test(text)) return []
  try {
    const inner = JSON.parse(text) as Json
    return variants(inner, canary, `${at}{}`).map((variant) => ({ ...variant, value: JSON.stringify(variant.value) }))
  } catch {
    return []
  }
}
