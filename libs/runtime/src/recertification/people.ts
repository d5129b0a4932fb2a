import { FactDirectory, holds } from '@catena/directory'
import type { Key } from '@catena/domain'
import { ownerOf, readOwnershipRules, readStewardships, UNSTEWARDED } from '@catena/governance'
import type { AccessReader } from '@catena/projections'
import type { Directory, Identity, Owners } from '@catena/recertification'

/** Who is who, from the facts of the access index. */
export function recertificationDirectory(reader: AccessReader, systems: readonly string[], now: () => number): Directory {
  const at = (position: number): FactDirectory =>
    new FactDirectory(reader.index({ position, validAt: undefined }), systems)
  return {
    identities: (keys, position) => identities(at(position), keys, now()),
    managerOf: async (person, position) => (await at(position).entries([person], now())).get(person)?.manager?.person,
    sponsorOf: async (accessor, position) => (await at(position).sponsorsOf([accessor], now())).get(accessor)?.[0]?.sponsor,
    membersOf: async (group, position) => (await at(position).membersOf(group, now())).filter(({ perhaps }) => perhaps !== true).map(({ person }) => person),
  }
} // prettier-ignore

async function identities(directory: FactDirectory, keys: readonly Key[], now: number): Promise<Map<Key, Identity>> {
  const same = await directory.samePrincipal(keys, now)
  const all = [...new Set([...same.values()].flat())]
  const [entries, groups] = await Promise.all([directory.entries(all, now), directory.membershipsOf(all)])
  return new Map(
    keys.map((key) => {
      const names = same.get(key) ?? [key]
      const memberships = names.flatMap((name) => groups.get(name) ?? [])
      const employment = names.map((name) => entries.get(name)?.employment).find((one) => one?.state === 'left' || one?.state === 'disabled')
      return [key, {
        key,
        name: entries.get(key)?.displayName ?? entries.get(key)?.name ?? key,
        aliases: names.filter((name) => name !== key),
        groups: memberships.filter((one) => holds(one, now)).map(({ group }) => group),
        memberships,
        leftAt: employment === undefined ? undefined : (employment.since ?? 0),
      }]
    }),
  )
} // prettier-ignore

/** Owners by name and by rule, as the stewardship has them. */
export function recertificationOwners(reader: Pick<AccessReader, 'pool'>): Owners {
  return {
    async ownersOf(credentials, position) {
      const ids = credentials.map(({ id }) => id)
      const stewardships = await readStewardships(reader.pool, position, ids)
      const rules = await readOwnershipRules(reader.pool, position)
      return new Map(
        credentials.flatMap((slot): [string, Key][] => {
          const owner = ownerOf(stewardships.get(slot.id) ?? UNSTEWARDED, rules, slot)
          return owner === undefined ? [] : [[slot.id, owner.key]]
        }),
      )
    },
  }
}
