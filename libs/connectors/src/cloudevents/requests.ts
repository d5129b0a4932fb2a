import { text } from '@catena/domain'
import { objectOr } from '../parsing.js'
import { systemOr } from './parties.js'
import type { Context } from './told.js'

/**
 * The request or ticket that something was done under. One of the own system was minted there; one of another counts only where the
 * system had it checked with that other. What somebody merely typed is a claim.
 */
export function presentRequest({ groups, system }: Context, role: string, value: unknown): void {
  const request = objectOr(value)
  const scope = systemOr(request.system, system)
  if (scope === undefined) return
  if (scope === system || request.checked === true) groups.mention(role, 'access-request', text(request.id), scope)
  else groups.claim(role, 'access-request', text(request.id), scope)
}
