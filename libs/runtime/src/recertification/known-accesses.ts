import {
  privilegeOf,
  readPrivilegeRules,
  readStewardships,
  type PrivilegeRules,
  type AccessSummary as Summed,
} from '@catena/governance'
import { knownName, type KnownAccess } from '@catena/recertification'
import { accessorOf } from './access-rows.js'
import { slotsOf, type Reads, type Slot } from './slots.js'

interface Row {
  readonly credential: string
  readonly id: string
  readonly accessor: Summed['accessor']
  readonly policies: readonly string[]
}

/**
 * Accesses that were obtained by retrievals on record at an older position, as they are attributed today: whose name became known since then is
 * nobody new. Privileged by what those retrievals were allowed by, and by what was declared then.
 */
export async function knownAccesses(reads: Reads, credentials: readonly string[], position: number): Promise<Map<string, KnownAccess>> {
  const { rows } = await reads.query<Row>(KNOWN, [credentials, position])
  if (rows.length === 0) return new Map()
  const slots = new Map((await slotsOf(reads, { position, validAt: undefined }, credentials)).map((slot) => [slot.id, slot]))
  const stewardships = await readStewardships(reads, position, credentials)
  const rules = await readPrivilegeRules(reads, position)
  const known = new Map<string, KnownAccess>()
  for (const row of rows) {
    const reaches = stewardships.get(row.credential)?.declared.reaches ?? []
    const is = (policies: readonly string[]): boolean => isPrivileged(rules, slots.get(row.credential), policies, reaches)
    // What earlier retrievals were allowed by is read only where it decides.
    const privileged = is([]) || (is(row.policies) && is(await policiesBy(reads, row, position)))
    known.set(knownName(row.credential, accessorOf(row.accessor)), { privileged: privileged ? true : undefined })
  }
  return known
} // prettier-ignore

function isPrivileged(
  rules: PrivilegeRules,
  slot: Slot | undefined,
  policies: readonly string[],
  reaches: readonly string[],
): boolean {
  if (slot === undefined) return false
  const { system, containerName, path } = slot
  return privilegeOf(rules, { slot: { system, container: containerName, path }, policies, reaches }) !== undefined // prettier-ignore
}

async function policiesBy(reads: Reads, { credential, id }: Row, position: number): Promise<string[]> {
  const { rows } = await reads.query<{ policy: string }>(POLICIES, [credential, id, position])
  return rows.map(({ policy }) => policy)
}

const KNOWN = `
  SELECT replace(s.credential::text, '-', '') AS credential, s.accessor AS id, s.body -> 'accessor' AS accessor, s.body -> 'policies' AS policies
  FROM governance.access_summary s WHERE s.credential = ANY($1::uuid[]) AND EXISTS (
    SELECT FROM governance.retrieval r JOIN access_fact f ON f.fact = r.fact
    WHERE r.credential = s.credential AND r.accessor = s.accessor AND r.obtained AND f.first_position <= $2)`

const POLICIES = `
  SELECT DISTINCT policy FROM governance.retrieval r JOIN access_fact f ON f.fact = r.fact
    CROSS JOIN LATERAL json_array_elements_text(r.body -> 'right' -> 'policies') AS policy
  WHERE r.credential = $1 AND r.accessor = $2 AND r.obtained AND f.first_position <= $3`
