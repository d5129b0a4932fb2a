import { namespaceOf, type Activity, type Key } from '@catena/domain'
import { positionsOf, type Caveat, type Link } from './chain.js'
import { keyOf, type Evidence } from './evidence.js'
import type { Span } from './fact-index.js'
import { numberOf, textOf } from './lives.js'
import { sessionOf } from './sessions.js'

/** A caller that its own system names by account and by no session. */
export function isAccount(key: Key): boolean {
  return namespaceOf(key) === 'account'
}

/** When a sign-in that is behind the fact can have been. */
export function signInSpan(evidence: Evidence, fact: Activity): Span {
  return { from: fact.occurredAt - evidence.settings.sessionMaxMs, to: fact.occurredAt }
}

/** Sign-ins of the account that were alive at the fact: begun before, neither ended nor run out. */
export function signInsOf(evidence: Evidence, fact: Activity, account: Key): readonly Activity[] {
  const { from, to } = signInSpan(evidence, fact)
  return evidence.factsBy(account, 'binds').filter((login) => {
    const issued = keyOf(login, 'issued')
    if (login.kind !== 'login' || login.outcome !== 'succeeded' || issued === undefined) return false
    const until = numberOf(login, 'issuedUntil') ?? Infinity
    const end = sessionOf(evidence, issued)?.endsAt ?? Infinity
    const isOver = fact.occurredAt > Math.min(until, end) || signedOff(evidence, login, account, fact)
    return login.occurredAt >= from && login.occurredAt <= to && !isOver
  })
}

/** A system that gives its sign-ins no ids says of whom and from where one ended: whichever it was, none of that place is sure to go on. */
function signedOff(evidence: Evidence, login: Activity, account: Key, fact: Activity): boolean {
  return evidence
    .factsBy(account, 'ends')
    .some(
      (end) =>
        end.occurredAt >= login.occurredAt &&
        end.occurredAt <= fact.occurredAt &&
        textOf(end, 'address') === textOf(login, 'address'),
    )
}

/** One sign-in is an inference, several are an ambiguity; so is one where another may have been missed. */
export function signedIn(evidence: Evidence, fact: Activity, account: Key, logins: readonly Activity[]): Link {
  const caveats: Caveat[] = hasGap(evidence, fact) ? ['coverage incomplete'] : []
  const isSole = logins.length === 1 && caveats.length === 0
  const candidates = logins.flatMap((login) => keyOf(login, 'issued') ?? [])
  return {
    from: fact.factId,
    to: logins.map(({ factId }) => factId),
    key: account,
    state: isSole ? 'inferred' : 'ambiguous',
    by: 'login',
    candidates: isSole ? [] : candidates,
    caveats,
    evidence: positionsOf([fact, ...logins]),
    words:
      logins.length === 1
        ? `the only sign-in of ${account} that was alive`
        : `${logins.length} sign-ins of ${account} were alive`,
  }
}

function hasGap(evidence: Evidence, fact: Activity): boolean {
  return evidence.hasGap(evidence.systemOf(fact.source), signInSpan(evidence, fact))
}
