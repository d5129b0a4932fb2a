import type { AccessReader, CredentialEntry, KnownAsOf } from '@catena/projections'
import { CommandFailure, EXIT } from '../exit-codes.js'
import { findCredentials, nameOf } from '../trace/credential-names.js'

/** Credentials that are listed where a term means several; more nobody reads. */
const SHOWN_MAX = 50

/** The one credential that a term means. Throws CommandFailure where there is none, or several. */
export async function onlyCredential(reader: AccessReader, asOf: KnownAsOf, term: string): Promise<CredentialEntry> {
  const { exact, parts } = await findCredentials(reader, asOf, term)
  const found = exact.length > 0 ? exact : parts
  const [only] = found
  if (only === undefined)
    throw new CommandFailure(
      `no record speaks of a credential ${term}: \`catena trace\` shows what is known`,
      EXIT.nothingFound,
    )
  if (found.length === 1) return only
  const more = found.length > SHOWN_MAX ? `\n  and ${found.length - SHOWN_MAX} more: write more of the name` : ''
  const list = found
    .slice(0, SHOWN_MAX)
    .map((entry) => `  ${entry.id}  ${entry.system} ${nameOf(entry)}`)
    .join('\n')
  throw new CommandFailure(`${term} means several credentials; take an id:\n${list}${more}`, EXIT.notUnique)
}
