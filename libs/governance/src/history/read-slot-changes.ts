import type { FactIndex } from '@catena/access-chain'
import { credentialKey, type Activity } from '@catena/domain'
import type { CredentialEntry } from '@catena/projections'
import type { SlotChange } from './credential-history.js'

const CHANGES: Readonly<Partial<Record<string, SlotChange['how']>>> = {
  'secret-written': 'written',
  'secret-deleted': 'deleted',
  'secret-destroyed': 'destroyed',
  'secret-restored': 'restored',
}

/** By credential, of those that records name. */
export async function changesOf(
  index: FactIndex,
  subjects: readonly { readonly id: string; readonly entry: CredentialEntry | undefined }[],
): Promise<Map<string, SlotChange[]>> {
  const slots = subjects.flatMap(({ id, entry }) => {
    if (entry === undefined) return []
    const { system, container, path } = entry
    const key = credentialKey({ system, path, ...(container === undefined ? {} : { container }) })
    return key === undefined ? [] : [{ id, key }]
  })
  const facts = await index.factsBy([...new Set(slots.map(({ key }) => key))].map((key) => ({ key })), 'ends') // prettier-ignore
  return new Map(slots.map(({ id, key }) => [id, changesIn(facts.get(key) ?? [])]))
}

function changesIn(facts: readonly Activity[]): SlotChange[] {
  return facts
    .filter(({ outcome }) => outcome === 'succeeded')
    .flatMap(({ kind, occurredAt, attributes, positions }) => {
      const how = CHANGES[kind]
      if (how === undefined) return []
      return [
        {
          at: occurredAt,
          how,
          positions,
          ...(typeof attributes.version === 'number' ? { version: attributes.version } : {}),
        },
      ]
    })
    .sort((a, b) => a.at - b.at)
}
