import type { FactIndex } from '@catena/access-chain'
import { namespaceOf, type Activity, type Key } from '@catena/domain'
import type { AccessReader, KnownAsOf } from '@catena/projections'
import type pg from 'pg'
import { readOwnershipVersions, registeredCredentials } from '../ownership/read-stewardship.js'
import { matchesSlot, type Slot, type SlotPattern } from '../slots/slot-pattern.js'
import { sponsoredBy } from './sponsored.js'
import { groupsIn, teamsOf } from './teams-of.js'

export interface Known {
  readonly facts: Pick<FactIndex, 'factsBy'>
  readonly reader: Pick<AccessReader, 'everyCredential'>
  readonly asOf: KnownAsOf
}

/**
 * Credentials whose person was spoken of: whoever left or moved changes verdicts without changing a chain. Also those owned, by name or by rule, by a team
 * in which they are or that was spoken of itself, or by a program for which they or that team answer.
 */
export async function credentialsOfSpoken(
  client: Pick<pg.ClientBase, 'query'>,
  { facts, reader, asOf }: Known,
  activities: readonly Activity[],
): Promise<string[]> {
  const people = activities.flatMap(({ groups }) =>
    groups.filter(({ verb }) => verb === 'describes' || (verb as string) === 'relates'),
  )
  const named = people.flatMap(({ forms }) => forms.map(({ key }) => key))
  // A group may be no more than mentioned, as where it was deleted.
  const spoken = [...new Set([...named, ...groupsIn(activities)])]
  if (spoken.length === 0) return []
  const teams = await teamsOf(facts, spoken.filter((key) => namespaceOf(key) === 'person')) // prettier-ignore
  const keys = [...new Set([...spoken, ...teams])]
  const owners = [...keys, ...(await sponsoredBy(facts, keys))]
  const { rows } = await client.query<{ credential: string }>(
    `SELECT DISTINCT credential FROM governance.access_summary WHERE keys && $1::text[]
     UNION SELECT DISTINCT credential FROM decisions.stewardship WHERE owner = ANY($2::text[])`,
    [keys, owners],
  )
  return [...rows.map(({ credential }) => credential), ...(await ruledBy(client, { reader, asOf }, owners))]
}

/** Under a rule, of now or of before, that names one of them as the owner. */
async function ruledBy(
  client: Pick<pg.ClientBase, 'query'>,
  { reader, asOf }: Pick<Known, 'reader' | 'asOf'>,
  owners: readonly Key[],
): Promise<string[]> {
  const versions = await readOwnershipVersions(client, asOf.position)
  const rules = versions.flatMap((version) => version.rules).filter(({ owner }) => owners.includes(owner.key))
  if (rules.length === 0) return []
  const found: string[] = []
  for await (const part of reader.everyCredential(asOf))
    found.push(...part.filter(({ system, containerName: container, path }) => isUnder(rules, { system, container, path })).map(({ id }) => id)) // prettier-ignore
  for await (const part of registeredCredentials(client, asOf.position))
    found.push(...part.filter(({ state }) => state.registration !== undefined && isUnder(rules, state.registration)).map(({ id }) => id)) // prettier-ignore
  return found
}

function isUnder(patterns: readonly SlotPattern[], slot: Slot): boolean {
  return patterns.some((pattern) => matchesSlot(pattern, slot))
}
