import { at, list, textAt, type Json, type JsonObject } from '@catena/domain'

export function targetOf(body: JsonObject, ...types: readonly string[]): Json | undefined {
  return list(body.targetResources).find((target) => types.includes(textAt(target, 'type') ?? ''))
}

/** The new value, or where something was taken away, the old. */
export function valueOf(body: JsonObject, property: string): string | undefined {
  const found = propertyOf(body, property)
  return textAt(found, 'newValue') ?? textAt(found, 'oldValue')
}

/** The new value, a list of one: `[true]`. */
export function switchOf(body: JsonObject, property: string): boolean | undefined {
  const [first] = list(at(propertyOf(body, property), 'newValue'))
  return typeof first === 'boolean' ? first : undefined
}

export function detailOf(body: JsonObject, key: string): string | undefined {
  return textAt(list(body.additionalDetails).find((detail) => textAt(detail, 'key') === key), 'value')
} // prettier-ignore

export function rolesOf(body: JsonObject): string[] | undefined {
  const role = valueOf(body, 'Role.DisplayName') ?? textAt(targetOf(body, 'Role'), 'displayName')
  return role === undefined ? undefined : [role]
}

export function changedIn(body: JsonObject): string[] | undefined {
  const names = propertiesOf(body)
    .map((property) => textAt(property, 'displayName'))
    .filter((name) => name !== undefined && name !== 'Included Updated Properties')
  return names.length === 0 ? undefined : ([...new Set(names)].sort() as string[])
}

function propertiesOf(body: JsonObject): Json[] {
  return list(body.targetResources).flatMap((target) => list(at(target, 'modifiedProperties')))
}

function propertyOf(body: JsonObject, property: string): Json | undefined {
  return propertiesOf(body).find((one) => textAt(one, 'displayName') === property)
}
