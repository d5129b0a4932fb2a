import { FactDirectory } from '@catena/directory'
import { namespaceOf, type EvidencePart, type Key } from '@catena/domain'
import { ownerOf, readOwnershipRules, readStewardships, UNSTEWARDED, type Owner } from '@catena/governance'
import {
  AccessReader,
  credentialsAfter,
  namesOfCredentials,
  type CredentialEntry,
  type SlotPart,
} from '@catena/projections'
import { Injectable } from '@nestjs/common'

/** How long what a part holds counts, ms: a label that was just declared may take so long. */
const HELD_MS = 10_000
/** Position behind all: what was decided last counts. */
const NOW = Number.MAX_SAFE_INTEGER
/** Credentials looked at together. */
const PAGE = 1_000

interface Held {
  readonly at: number
  readonly slots: Promise<SlotPart>
}

/** Which slots a part of the evidence is: by the labels and owners of this moment, of all that is known. */
@Injectable()
export class EvidenceParts {
  private readonly held = new Map<string, Held>()

  constructor(private readonly reader: AccessReader) {}

  /** Undefined stays undefined: not narrowed. */
  async slotsOf(parts: readonly EvidencePart[] | undefined): Promise<readonly SlotPart[] | undefined> {
    return parts === undefined ? undefined : Promise.all(parts.map((part) => this.slotsIn(part)))
  }

  private slotsIn(part: EvidencePart): Promise<SlotPart> {
    const { vaults, environments, units } = part
    if (environments === undefined && units === undefined) return Promise.resolve(vaults === undefined ? NOTHING : { vaults })
    const name = JSON.stringify([vaults, environments, units])
    const known = this.held.get(name)
    if (known !== undefined && Date.now() - known.at < HELD_MS) return known.slots
    const slots = this.labelled(part)
    this.held.set(name, { at: Date.now(), slots })
    // What failed is asked again by the next.
    slots.catch(() => this.held.delete(name))
    return slots
  }

  private async labelled({ vaults, environments, units }: EvidencePart): Promise<SlotPart> {
    const asOf = { position: await this.reader.projectedPosition(), validAt: undefined }
    const rules = await readOwnershipRules(this.reader.pool, NOW)
    const directory = new FactDirectory(this.reader.index(asOf), [])
    const credentials = new Set<string>()
    for (let after: string | undefined, isLast = false; !isLast;) {
      const slots = await credentialsAfter(this.reader.pool, asOf, after, PAGE)
      const stewardships = await readStewardships(this.reader.pool, NOW, slots.map(({ id }) => id))
      const of = (slot: CredentialEntry) => stewardships.get(slot.id) ?? UNSTEWARDED
      const fitting = slots.filter((slot) => environments === undefined || isAmong(environments, of(slot).declared.environment))
      const found = units === undefined ? [] : await unitsOf(directory, fitting.map((slot) => ownerOf(of(slot), rules, { system: slot.system, container: slot.containerName, path: slot.path })))
      const among = fitting.filter((_, index) => units === undefined || isAmong(units, found[index])).map(({ id }) => id)
      const names = await namesOfCredentials(this.reader.pool, asOf, among)
      for (const id of among) for (const each of [id, ...(names.get(id) ?? [])]) credentials.add(each)
      after = slots.at(-1)?.id
      isLast = slots.length < PAGE
    }
    return { ...(vaults === undefined ? {} : { vaults }), credentials }
  }
} // prettier-ignore

/** Of a team its own name; of a person the department that a directory states. */
async function unitsOf(directory: FactDirectory, owners: readonly (Owner | undefined)[]): Promise<(string | undefined)[]> {
  const people = [...new Set(owners.flatMap((owner) => (owner !== undefined && isPerson(owner.key) ? [owner.key] : [])))]
  const entries = await directory.entries(people, Date.now())
  return owners.map((owner) => owner !== undefined && isPerson(owner.key) ? entries.get(owner.key)?.department : owner?.name)
} // prettier-ignore

const NOTHING: SlotPart = { credentials: new Set() }

/** What nobody declared is none of them. */
function isAmong(names: readonly string[], name: string | undefined): boolean {
  return name !== undefined && names.includes(name)
}

function isPerson(key: Key): boolean {
  return namespaceOf(key) === 'person'
}
