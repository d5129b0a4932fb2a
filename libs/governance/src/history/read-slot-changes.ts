import type { FactIndex } from '@catena/access-chain'
import { agreedOutcome, credentialKey, type Activity, type Key } from '@catena/domain'
import type { CredentialEntry } from '@catena/projections'
import type { SlotChange, Teardown } from './credential-history.js'
import { defined } from './retrieval.js'

const CHANGES: Readonly<Partial<Record<string, SlotChange['how']>>> = {
  'secret-written': 'written',
  'secret-deleted': 'deleted',
  'secret-destroyed': 'destroyed',
  'secret-restored': 'restored',
}

type Subjects = readonly { readonly id: string; readonly entry: CredentialEntry | undefined }[]

/** By credential, of those that records name. */
export async function changesOf(index: FactIndex, subjects: Subjects): Promise<Map<string, SlotChange[]>> {
  const slots = slotsOf(subjects)
  const facts = await index.factsBy(lookups(slots), 'ends')
  return new Map(slots.map(({ id, key }) => [id, changesIn(facts.get(key) ?? [])]))
}

/** The same of what was torn down and had it. */
export async function teardownsOf(index: FactIndex, subjects: Subjects): Promise<Map<string, Teardown[]>> {
  const slots = slotsOf(subjects)
  const facts = await index.factsBy(lookups(slots), 'presents')
  return new Map(slots.map(({ id, key }) => [id, teardownsIn(facts.get(key) ?? [])]))
}

interface SlotKey {
  readonly id: string
  readonly key: Key
}

function slotsOf(subjects: Subjects): SlotKey[] {
  return subjects.flatMap(({ id, entry }) => {
    if (entry === undefined) return []
    const { system, container, path } = entry
    const key = credentialKey({ system, path, ...(container === undefined ? {} : { container }) })
    return key === undefined ? [] : [{ id, key }]
  })
}

function lookups(slots: readonly SlotKey[]): { readonly key: Key }[] {
  return [...new Set(slots.map(({ key }) => key))].map((key) => ({ key }))
}

function teardownsIn(facts: readonly Activity[]): Teardown[] {
  return facts
    .filter(({ kind, attributes }) => kind === 'lifecycle-observed' && attributes.step === 'removed')
    .flatMap(({ occurredAt: at, attributes: { thing, thingName, thingId }, positions }): Teardown[] => {
      if (thing !== 'environment' && thing !== 'pipeline') return []
      const name = [thingName, thingId].find((one) => typeof one === 'string') ?? ''
      return [{ at, thing, name, positions }]
    })
    .sort((a, b) => a.at - b.at)
}

function changesIn(facts: readonly Activity[]): SlotChange[] {
  return facts
    .flatMap((fact): SlotChange[] => {
      const { kind, occurredAt, attributes, positions } = fact
      const [how, outcome] = [CHANGES[kind], agreedOutcome(fact)]
      // What perhaps was brought back is not gone for certain: as if nobody could tell which versions are back.
      if (how === 'restored' && outcome === 'unknown') return [{ at: occurredAt, how, positions, versionsHidden: true }]
      if (how === undefined || (outcome !== 'succeeded' && outcome !== 'unknown')) return []
      return [
        {
          at: occurredAt,
          how,
          positions,
          ...(typeof attributes.version === 'number' ? { version: attributes.version } : {}),
          ...defined('versions', namedVersions(attributes)),
          ...(attributes.versionsHidden === true ? { versionsHidden: true } : {}),
          // Records of some stores do not tell whether an update wrote another value.
          ...(outcome === 'unknown' || (how === 'written' && attributes.versionsHidden === true)
            ? { perhaps: true }
            : {}),
        },
      ]
    })
    .sort((a, b) => a.at - b.at)
}

function namedVersions({ versions }: Activity['attributes']): number[] | undefined {
  return Array.isArray(versions) ? versions.filter((version) => typeof version === 'number') : undefined
}
