import type { Instant, Key } from '@catena/domain'
import type { AccessReader, KnownAsOf } from '@catena/projections'
import { summariesWith } from '../access-summary/read-summaries.js'
import type { CredentialHistory } from '../history/credential-history.js'
import { HistoryReader } from '../history/read-history.js'
import { leaverList, type SeenSecret } from './leaver-list.js'

/** Credentials that a person obtained, or perhaps obtained: by id, from the summaries. */
export async function credentialsSeenBy(reader: AccessReader, person: Key): Promise<string[]> {
  const summaries = await summariesWith(reader.pool, [person])
  return [...new Set(summaries.map(({ credential }) => credential))]
}

/** What a person may still know (R4.2). Which credentials is read from the summaries, what is true of each by walking it. */
export async function secretsSeenBy(
  reader: AccessReader,
  asOf: KnownAsOf,
  person: Key,
  at: Instant,
): Promise<SeenSecret[]> {
  const histories: CredentialHistory[] = []
  for (const credential of await credentialsSeenBy(reader, person)) {
    const history = await new HistoryReader(reader).onDate(asOf, credential, at)
    if (history !== undefined) histories.push(history)
  }
  return leaverList(person, histories)
}
