import type { Instant, Key } from '@catena/domain'
import type { CastVote } from '../item/state.js'
import type { ItemFacts } from './item-facts.js'
import { wholePercent } from './whole-percent.js'

/** How one reviewer decided in one campaign. Shown to the campaign's owner and the auditor; it changes no decision. */
export interface ReviewQuality {
  readonly reviewer: Key
  readonly decisions: number
  /** Median time from one decision to the next, seconds; undefined: there were fewer than two by hand. */
  readonly secondsPerItem: number | undefined
  /** Shares from 0 to 1. */
  readonly evidenceOpened: number
  readonly sameText: number
  readonly certifiedAgainstAdvice: number
  readonly inLastHour: number
  /** Most equal decisions in a row. */
  readonly longestRun: number
  /** 100: nothing speaks of rubber-stamping; 0: everything does. Undefined: too few decisions to judge them. */
  readonly score: number | undefined
  readonly signs: readonly string[]
}

interface Decision {
  readonly vote: CastVote
  readonly opened: boolean
}

const HOUR_MS = 3_600_000
/** Decisions that a share or a run is judged on at least. */
export const SAMPLE_MIN = 5
/** Quicker than this nobody reads evidence. */
const SECONDS_MIN = 10

/** Collects votes; what they come to is asked at the end. */
export class QualityCount {
  private readonly byReviewer = new Map<Key, Decision[]>()

  add({ votes, opened }: Pick<ItemFacts, 'votes' | 'opened'>): void {
    for (const vote of votes) {
      const own = this.byReviewer.get(vote.reviewer) ?? []
      own.push({ vote, opened: opened.some(({ reviewer, at }) => reviewer === vote.reviewer && at <= vote.at) })
      this.byReviewer.set(vote.reviewer, own)
    }
  }

  /** `dueAt`: end of the last stage. Lowest score first, those who are not judged last. */
  all(dueAt: Instant | undefined): ReviewQuality[] {
    const all = [...this.byReviewer].map(([reviewer, decisions]) => qualityOf(reviewer, decisions, dueAt))
    return all.sort((a, b) => rank(a) - rank(b) || (a.reviewer < b.reviewer ? -1 : 1))
  }
}

export function qualityOf(reviewer: Key, unsorted: readonly Decision[], dueAt: Instant | undefined): ReviewQuality {
  const decisions = [...unsorted].sort((a, b) => a.vote.at - b.vote.at)
  const share = (test: (decision: Decision) => boolean): number => decisions.filter(test).length / Math.max(1, decisions.length)
  const measured = {
    decisions: decisions.length,
    secondsPerItem: pace(decisions),
    evidenceOpened: share(({ opened }) => opened),
    sameText: most(decisions.map(({ vote }) => vote.reason.trim().toLowerCase())) / Math.max(1, decisions.length),
    certifiedAgainstAdvice: share(({ vote }) => vote.decision.kind === 'certify' && vote.recommended === 'revoke'),
    inLastHour: share(({ vote }) => dueAt !== undefined && vote.at > dueAt - HOUR_MS && vote.at <= dueAt),
    longestRun: longestRun(decisions.map(({ vote }) => vote.decision.kind)),
  }
  const signs = signsOf(measured)
  return { reviewer, ...measured, signs, score: decisions.length < SAMPLE_MIN ? undefined : Math.max(0, 100 - 20 * signs.length) }
} // prettier-ignore

/** Infinity would leave no difference between two who are not judged. */
function rank({ score = 101 }: ReviewQuality): number {
  return score
}

function signsOf(of: Omit<ReviewQuality, 'reviewer' | 'signs' | 'score'>): string[] {
  if (of.decisions < SAMPLE_MIN) return []
  return [
    ...(of.secondsPerItem !== undefined && of.secondsPerItem < SECONDS_MIN ? [`decides every ${of.secondsPerItem} s`] : []),
    ...(of.evidenceOpened < 0.2 ? [`opened the evidence of ${percent(of.evidenceOpened)}`] : []),
    ...(of.longestRun >= Math.max(SAMPLE_MIN, 0.9 * of.decisions) ? [`${of.longestRun} equal decisions in a row`] : []),
    ...(of.sameText > 0.8 ? [`the same words for ${percent(of.sameText)}`] : []),
    ...(of.certifiedAgainstAdvice > 0.3 ? [`certified ${percent(of.certifiedAgainstAdvice)} against the evidence`] : []),
    ...(of.inLastHour > 0.5 ? [`${percent(of.inLastHour)} in the last hour`] : []),
  ]
} // prettier-ignore

/** Bulk decisions are one decision, however many items they are about. */
function pace(decisions: readonly Decision[]): number | undefined {
  const times = [...new Map(decisions.map(({ vote }) => [vote.bulk ?? vote.request, vote.at])).values()].sort((a, b) => a - b) // prettier-ignore
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at))
  const middle = gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 2)]
  return middle === undefined ? undefined : rounded(middle / 1_000)
}

function most(texts: readonly string[]): number {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  return [...counts.values()].reduce((a, b) => Math.max(a, b), 0)
}

function longestRun(kinds: readonly string[]): number {
  let [longest, run] = [0, 0]
  for (const [index, kind] of kinds.entries()) {
    run = kind === kinds[index - 1] ? run + 1 : 1
    longest = Math.max(longest, run)
  }
  return longest
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}

/** Nothing is called none or all that is not. */
export function percent(share: number): string {
  return share > 0 && share < 0.01 ? 'less than 1 %' : `${wholePercent(share)} %`
}
