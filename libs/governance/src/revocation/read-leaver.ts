import { namesOf } from '@catena/access-chain'
import { namespaceOf, type Activity, type Instant, type Key } from '@catena/domain'
import { credentialOf, type AccessReader, type KnownAsOf } from '@catena/projections'
import { summariesWith } from '../access-summary/read-summaries.js'
import { summaryStand } from '../access-summary/summary-projection.js'
import type { CredentialHistory } from '../history/credential-history.js'
import { isAnyAhead } from '../history/read-ahead.js'
import { HistoryReader } from '../history/read-history.js'
import { leaverList, type SeenSecret } from './leaver-list.js'

/**
 * Credentials that a person may have obtained, by id: from the summaries; of an earlier cut or day also what came through any name of the person then, of
 * which the summaries may say since that it was somebody else's.
 */
export async function credentialsSeenBy(
  reader: AccessReader,
  asOf: KnownAsOf,
  person: Key,
  at: Instant,
): Promise<string[]> {
  const summaries = await summariesWith(reader.pool, [person])
  const isNow = await tellOf(reader, asOf, at)
  const then = isNow
    ? []
    : await reachedBy(reader, { ...asOf, validAt: Math.min(at, asOf.validAt ?? Infinity) }, person)
  return [...new Set([...summaries.map(({ credential }) => credential), ...then])]
}

/** Do the summaries tell of this state of knowledge and this moment? */
async function tellOf(reader: AccessReader, asOf: KnownAsOf, at: Instant): Promise<boolean> {
  const stand = await summaryStand(reader.pool)
  if (stand === undefined || stand.position > asOf.position) return false
  return !(await isAnyAhead(reader, asOf, Math.min(at, asOf.validAt ?? Infinity)))
}

async function reachedBy(reader: AccessReader, asOf: KnownAsOf, person: Key): Promise<string[]> {
  const direct = await reader.usesOf(asOf, [person, ...(await namesOf(reader.index(asOf), [person]))])
  const joined = await reader.usesOf(asOf, entitiesIn(direct.all))
  return [...direct.all, ...joined.all].flatMap(({ target }) =>
    target === undefined ? [] : (credentialOf(target) ?? []),
  )
}

function entitiesIn(facts: readonly Activity[]): Key[] {
  const bound = facts.flatMap(({ groups }) =>
    groups.filter(({ verb }) => verb === 'binds').flatMap(({ forms }) => forms),
  )
  return [...new Set(bound.map(({ key }) => key).filter((key) => namespaceOf(key) === 'vault-entity'))]
}

/** What a person may still know (R4.2). Which credentials is read from the summaries, what is true of each by walking it. */
export async function secretsSeenBy(
  reader: AccessReader,
  asOf: KnownAsOf,
  person: Key,
  at: Instant,
): Promise<SeenSecret[]> {
  const histories: CredentialHistory[] = []
  for (const credential of await credentialsSeenBy(reader, asOf, person, at)) {
    const history = await new HistoryReader(reader).onDate(asOf, credential, at)
    if (history !== undefined) histories.push(history)
  }
  return leaverList(person, histories)
}
