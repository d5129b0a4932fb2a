import { namesOf } from '@catena/access-chain'
import { namespaceOf, type Activity, type Instant, type Key } from '@catena/domain'
import { credentialOf, type AccessReader, type KnownAsOf } from '@catena/projections'
import { summariesWith } from '../access-summary/read-summaries.js'
import { summaryStand } from '../access-summary/summary-projection.js'
import type { CredentialHistory } from '../history/credential-history.js'
import { isAnyAhead } from '../history/read-ahead.js'
import { HistoryReader } from '../history/read-history.js'
import { leaverList, type SeenSecret } from './leaver-list.js'

/** What was found, and whether more may have been than was followed. */
export interface SeenBy<T> {
  readonly seen: readonly T[]
  readonly isCut: boolean
}

/**
 * Credentials that a person may have obtained, by id: from the summaries; of an earlier cut or day also what came through any name of the person then, of
 * which the summaries may say since that it was somebody else's.
 */
export async function credentialsSeenBy(
  reader: AccessReader,
  asOf: KnownAsOf,
  person: Key,
  at: Instant,
): Promise<SeenBy<string>> {
  const summaries = await summariesWith(reader.pool, [person])
  const isNow = await tellOf(reader, asOf, at)
  const then = isNow
    ? { seen: [], isCut: false }
    : await reachedBy(reader, { ...asOf, validAt: Math.min(at, asOf.validAt ?? Infinity) }, person)
  return { ...then, seen: [...new Set([...summaries.map(({ credential }) => credential), ...then.seen])] }
}

/** Do the summaries tell of this state of knowledge and this moment? */
async function tellOf(reader: AccessReader, asOf: KnownAsOf, at: Instant): Promise<boolean> {
  const stand = await summaryStand(reader.pool)
  if (stand === undefined || stand.position > asOf.position) return false
  return !(await isAnyAhead(reader, asOf, Math.min(at, asOf.validAt ?? Infinity)))
}

async function reachedBy(reader: AccessReader, asOf: KnownAsOf, person: Key): Promise<SeenBy<string>> {
  const direct = await reader.usesOf(asOf, [person, ...(await namesOf(reader.index(asOf), [person]))])
  const joined = await reader.usesOf(asOf, entitiesIn(direct.all))
  const seen = [...direct.all, ...joined.all].flatMap(({ target }) =>
    target === undefined ? [] : (credentialOf(target) ?? []),
  )
  return { seen, isCut: direct.isCut || joined.isCut }
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
): Promise<SeenBy<SeenSecret>> {
  const histories: CredentialHistory[] = []
  const { seen, isCut } = await credentialsSeenBy(reader, asOf, person, at)
  for (const credential of seen) {
    const history = await new HistoryReader(reader).onDate(asOf, credential, at)
    if (history !== undefined) histories.push(history)
  }
  return { seen: leaverList(person, histories), isCut }
}
