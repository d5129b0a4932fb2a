import type { Refusal } from '@catena/domain'
import { toResult } from '../../commands/refused.model.js'
import { badInput } from '../../errors/api-error.js'
import { CredentialDecided } from './ownership.model.js'

/** The answer of a command about one credential. Throws BAD_USER_INPUT where the id is none. */
export async function toCredentialDecided(
  credential: string,
  execute: () => Promise<{ readonly position: number } | Refusal>,
): Promise<object> {
  if (!/^[0-9a-f]{32}$/.test(credential)) throw badInput('name a credential by the id that answers give it')
  return toResult(await execute(), ({ position }) => Object.assign(new CredentialDecided(), { credential, position }))
}
