import type { Instant } from '@catena/domain'
import type { AccessSummary } from '../access-summary/access-summary.js'
import { isAbout, type AccessReview } from '../history/access-review.js'
import type { CredentialHistory } from '../history/credential-history.js'
import { counted, DAY_MS, lastRotation, merged, named } from '../history/questions.js'

/** Is everybody who has the secret recertified? `failed` and `unknown` each with their reason; none of both: yes, until then. */
export interface Recertified {
  readonly failed?: string
  readonly unknown?: string
  /** When time alone may change the answer. */
  readonly until: Instant
  readonly witnesses: readonly number[]
}

/** What campaigns say of one accessor. */
type Standing =
  | { readonly is: 'reviewed'; readonly until: Instant }
  | { readonly is: 'failed'; readonly why: string }
  | { readonly is: 'unknown'; readonly why: string; readonly until?: Instant }

/**
 * Asks for each accessor that obtained what the slot holds now. Who joined after others were reviewed has as long as they had. That no campaign ever
 * asked proves nothing: people may recertify elsewhere, so it is unknown, neither a pass nor a failure.
 */
export function recertifiedIn(history: CredentialHistory, recertifyDays: number): Recertified {
  const { reviews } = history.sharing
  const own = holders(history).map((holder) => ({ holder, reviews: reviews.filter((review) => isAbout(review, holder.accessor)) }))
  const since = Math.max(-Infinity, ...own.flatMap((each) => each.reviews.flatMap(({ answer, decidedAt }) => (answer === 'kept' ? (decidedAt ?? []) : []))))
  const all = own.map(({ holder, reviews: asked }) => ({
    name: holder.accessor.name,
    standing: joinedAfter(holder, since, asked, recertifyDays, history.at) ?? standingOf(asked, recertifyDays, history.at),
  }))
  const ends = all.flatMap(({ standing }) => ('until' in standing ? (standing.until ?? []) : []))
  const failed = because(all, 'failed')
  const unknown = all.length === 0 ? 'nobody is seen to have it' : because(all, 'unknown')
  return {
    ...(failed === undefined ? {} : { failed }),
    ...(unknown === undefined ? {} : { unknown }),
    until: Math.min(Infinity, ...ends.filter((end) => end > history.at)),
    witnesses: merged(own.flatMap(({ reviews: asked }) => asked.map(({ positions }) => positions))),
  }
} // prettier-ignore

/** Whoever obtained it before its last rotation and not since has another secret, or none. */
function holders(history: CredentialHistory): AccessSummary[] {
  const since = lastRotation(history)?.at ?? -Infinity
  return history.accessors.filter(({ lastAt }) => lastAt !== undefined && lastAt >= since)
}

/** Undefined: somebody who had it before, or about whom a campaign had its answer or waited in vain. */
function joinedAfter(
  { firstAt }: AccessSummary,
  since: Instant,
  asked: readonly AccessReview[],
  recertifyDays: number,
  at: Instant,
): Standing | undefined {
  const isWaiting = ({ answer, answerBy = Infinity }: AccessReview): boolean => answer === 'open' && answerBy > at
  if (firstAt === undefined || firstAt <= since || since === -Infinity) return undefined
  if (!asked.every((review) => review.answer === 'gone' || isWaiting(review))) return undefined
  const until = Math.min(firstAt + recertifyDays * DAY_MS, ...asked.flatMap(({ answerBy }) => answerBy ?? []))
  return until > at ? { is: 'reviewed', until } : undefined
}

/** The newest answer counts; what is asked or was left unanswered besides does not undo it. */
function standingOf(asked: readonly AccessReview[], recertifyDays: number, at: Instant): Standing {
  const answered = asked.filter(isAnswered)
  const newest = Math.max(-Infinity, ...answered.map(answeredAt))
  const [last] = answered.filter((review) => answeredAt(review) === newest)
  const campaign = answered.filter((each) => each.campaign === last?.campaign)
  if (last !== undefined) return worst(campaign.map((review) => answerOf(review, recertifyDays, at)))
  const real = asked.filter(({ answer }) => answer !== 'gone')
  if (real.length === 0) return { is: 'unknown', why: 'no campaign asked about' }
  return worst(real.map((review) => unansweredOf(review, at)))
}

function isAnswered({ answer }: AccessReview): boolean {
  return answer === 'kept' || answer === 'taken'
}

function answeredAt({ decidedAt, askedAt }: AccessReview): Instant {
  return decidedAt ?? askedAt
}

function answerOf(review: AccessReview, recertifyDays: number, at: Instant): Standing {
  const lapses = Math.min(answeredAt(review) + recertifyDays * DAY_MS, review.until ?? Infinity)
  if (review.isContradicted) return { is: 'failed', why: 'what became known later contradicts the review of' }
  if (lapses <= at) return { is: 'failed', why: 'the last review has lapsed of' }
  if (review.answer === 'kept' || review.isProven) return { is: 'reviewed', until: lapses }
  if (review.dueAt === undefined) return { is: 'unknown', why: 'what reviewers took away is still to be ordered of', until: lapses }
  if (review.dueAt <= at) return { is: 'failed', why: 'what reviewers took away is not shown to be gone of' }
  return { is: 'reviewed', until: Math.min(lapses, review.dueAt) }
} // prettier-ignore

function unansweredOf({ answer, answerBy }: AccessReview, at: Instant): Standing {
  if (answer === 'unanswered' || (answerBy !== undefined && answerBy <= at))
    return { is: 'failed', why: 'a campaign asked and nobody answered about' }
  return {
    is: 'unknown',
    why: 'a campaign still asks about',
    ...(answerBy === undefined ? {} : { until: answerBy }),
  }
}

/** Over several grants of one accessor: one that failed fails all. */
function worst(standings: readonly Standing[]): Standing {
  const find = (is: Standing['is']) => standings.filter((each) => each.is === is)
  const [failed] = find('failed')
  if (failed !== undefined) return failed
  const ends = standings.flatMap((each) => ('until' in each ? (each.until ?? []) : []))
  const [unknown] = find('unknown')
  const until = Math.min(Infinity, ...ends)
  if (unknown !== undefined) return { is: 'unknown', why: 'why' in unknown ? unknown.why : '', until }
  return { is: 'reviewed', until }
}

/** `no campaign asked about 2 of 5 who have it (ana, ben)`. */
function because(all: readonly { readonly name: string; readonly standing: Standing }[], is: 'failed' | 'unknown'): string | undefined {
  const whys = [...new Set(all.flatMap(({ standing }) => (standing.is === is ? [standing.why] : [])))].sort()
  const parts = whys.map((why) => {
    const names = all.filter(({ standing }) => standing.is === is && standing.why === why).map(({ name }) => name)
    return `${why} ${names.length} of ${counted(all.length, 'holder')} (${named(names)})`
  })
  return parts.length === 0 ? undefined : parts.join(', and ')
} // prettier-ignore
