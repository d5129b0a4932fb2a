import { readStewardships } from '@catena/governance'
import type { AccessReader } from '@catena/projections'
import type { DecisionDesk } from '../commands/decision-desk.js'
import { badInput } from '../errors/api-error.js'

/** Most credentials that one decision is about. */
const CREDENTIALS_MAX = 100

/** Throws BAD_USER_INPUT where one is neither recorded nor registered: a decision about a misspelt name would guard nothing. */
export async function requireCredentials(
  reader: AccessReader,
  desk: Pick<DecisionDesk, 'pool'>,
  ids: readonly string[],
): Promise<void> {
  if (ids.length > CREDENTIALS_MAX) throw badInput(`name at most ${CREDENTIALS_MAX} credentials at once`)
  for (const id of ids) {
    if (!/^[0-9a-f]{32}$/.test(id))
      throw badInput(`${id.slice(0, 40)} is no id of a credential: take it from an answer`)
    const asOf = await reader.asOf()
    if ((await reader.credential(asOf, id)) !== undefined) continue
    const stewarded = await readStewardships(desk.pool, Number.MAX_SAFE_INTEGER, [id])
    if (stewarded.get(id)?.registration === undefined)
      throw badInput(`no record and no registration knows the credential ${id}: register it first`)
  }
}
