import { canonicalJson, refusal, type Json, type Key, type Refusal } from '@catena/domain'
import type { Identity } from '../ports/people.js'
import type { Decide, ItemCode } from './commands.js'
import type { ItemState } from './state.js'

type Tries = Pick<ItemState, 'votes' | 'refused'>

/**
 * What the same request of the same reviewer came to: taken, it changes nothing again; refused, it is refused again. Undefined: it is new, whatever
 * others called theirs.
 */
export function answeredBefore({ votes, refused }: Tries, asked: Decide): readonly [] | Refusal<ItemCode> | undefined {
  const isSame = (one: { readonly reviewer: Key; readonly request: string }): boolean => one.request === asked.request && isBy(one, asked.reviewer)
  const vote = votes.find(isSame)
  const refusedTry = refused.find(isSame)
  const before = vote ?? refusedTry
  if (before === undefined) return undefined
  if (wordsOf(before) !== wordsOf(asked)) return refusal('REQUEST_REUSED', 'this request stands for another decision or reason of yours: send this one under a request of its own')
  if (refusedTry === undefined) return []
  return refusal(refusedTry.code as ItemCode, `${refusedTry.why}; this request stays refused: decide again under a new one`)
} // prettier-ignore

export function hasVoted({ votes }: Pick<Tries, 'votes'>, person: Identity): boolean {
  return votes.some((vote) => isBy(vote, person))
}

function isBy({ reviewer }: { readonly reviewer: Key }, { key, aliases }: Identity): boolean {
  return reviewer === key || aliases.includes(reviewer)
}

function wordsOf({ decision, reason }: Pick<Decide, 'decision' | 'reason'>): string {
  return canonicalJson([decision, reason] as unknown as Json)
}
