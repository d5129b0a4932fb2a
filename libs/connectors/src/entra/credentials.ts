import { list, text, type Json, type JsonObject } from '@catena/domain'

/**
 * Which keys an application lost and gained. `KeyDescription` holds the list before and after, each as a text in brackets:
 * `["[KeyIdentifier=…,KeyType=Password,KeyUsage=Verify,DisplayName=…]"]`. Names are left out: people write secrets into them.
 */
export function credentialsIn(modifiedProperties: Json | undefined): JsonObject | undefined {
  const property = list(modifiedProperties).find((one) => (one as JsonObject | null)?.displayName === 'KeyDescription')
  if (property === undefined) return undefined
  const { oldValue, newValue } = property as JsonObject
  const [before, after] = [keysIn(oldValue), keysIn(newValue)]
  const added = [...after].filter(([id]) => !before.has(id)).map(([, key]) => key)
  const removed = [...before].filter(([id]) => !after.has(id)).map(([, key]) => key)
  return { added, removed }
}

/** At the beginning of a text of the list only: a name may hold whatever its owner likes, but inside a text no quote stands bare. */
const KEY =
  /(?:^|(?:^\s{0,9}\[|,)\s{0,9}")\[KeyIdentifier=([0-9A-Fa-f-]{36})(?:,KeyType=([A-Za-z0-9]{2,40}))?(?:,KeyUsage=([A-Za-z]{2,20}))?/g

function keysIn(value: Json | undefined): Map<string, JsonObject> {
  const found = new Map<string, JsonObject>()
  for (const [, id, type, usage] of (text(value) ?? '').slice(0, 20_000).matchAll(KEY)) {
    if (id === undefined) continue
    found.set(id, {
      keyId: id.toLowerCase(),
      ...(type === undefined ? {} : { type }),
      ...(usage === undefined ? {} : { usage }),
    })
  }
  return found
}
