import type { Directory, GroupEntry, Membership } from '@catena/directory'
import type { Instant, Key } from '@catena/domain'
import { addTo } from '../access-summary/access-summary.js'
import type { TeamRecord } from './credential-history.js'
import type { InGroup } from './in-group.js'
import { withinAt } from './membership.js'
import { isHere, merged } from './questions.js'

/** Members looked at at once: of a large team one of the first is here. */
const MEMBERS_AT_ONCE = 200

/** Whether anybody is still here in each of these teams, as the directories say at the moment; one that none tells of is left out. */
export async function readTeams(
  directory: Pick<Directory, 'groupEntries' | 'entries'>,
  teams: readonly Key[],
  at: Instant,
): Promise<Map<Key, TeamRecord>> {
  const found = teams.length === 0 ? [] : await directory.groupEntries([...new Set(teams)], at)
  const told = new Map<Key, TeamRecord>()
  for (const [key, entry] of found) told.set(key, await readTeam(directory, { key, entry, at }))
  return told
}

interface Team {
  readonly key: Key
  readonly entry: GroupEntry
  readonly at: Instant
}

/** Nobody is known to be in a team of which no record ever told all members: somebody may be who was never named. */
async function readTeam(
  directory: Pick<Directory, 'entries'>,
  { key, entry: { members, isToldWhole }, at }: Team,
): Promise<TeamRecord> {
  const spans = new Map<Key, Membership[]>()
  for (const one of members) addTo(spans, one.person, one)
  const persons = [...spans.keys()]
  const gone: number[][] = []
  let anyHere: InGroup = persons.length > 0 && isToldWhole ? 'no' : 'perhaps'
  for (let from = 0; from < persons.length; from += MEMBERS_AT_ONCE) {
    const part = persons.slice(from, from + MEMBERS_AT_ONCE)
    const entries = await directory.entries(part, at)
    for (const person of part) {
      const own = spans.get(person) ?? []
      const employed = entries.get(person)
      const evidence = [...own.flatMap((one) => one.evidence), ...(employed?.employment.evidence ?? [])]
      const here = both(withinAt(own, at), isHere(employed))
      if (here === 'yes') return { key, anyHere: here, evidence: merged([evidence]) }
      if (here === 'perhaps') anyHere = here
      gone.push(evidence)
    }
  }
  return { key, anyHere, evidence: merged(gone) }
}

function both(a: InGroup, b: InGroup): InGroup {
  return (['no', 'perhaps'] as const).find((each) => a === each || b === each) ?? 'yes'
}
