import type { Aspect, State, Truth } from '@catena/simulation'

/** An answer about one aspect, by the names that the truth uses. */
export interface Told {
  readonly state: string
  /** What it went through, or who it was. */
  readonly named?: string | undefined
  /** Key of the principal. */
  readonly key?: string | undefined
  readonly candidates?: readonly string[] | undefined
  readonly shared?: string | undefined
}

export type Wrong =
  | 'false proven'
  | 'overclaimed'
  | 'wrong principal'
  | 'true one no candidate'
  | 'other candidates'
  | 'wrong shared identity'
  | 'not found'
  | 'unanswered'

const RANK: Readonly<Record<string, number>> = { missing: 0, ambiguous: 1, inferred: 2, proven: 3 }

/** What is wrong with an answer; undefined where nothing is. */
export function faultOf(truth: Aspect, told: Told): Wrong | undefined {
  const rank = RANK[told.state] ?? 9
  if (rank > rankOf(truth.max)) return told.state === 'proven' ? 'false proven' : 'overclaimed'
  if (rank >= 2) {
    const wrong = wrongName(truth, told)
    if (wrong) return told.state === 'proven' ? 'false proven' : 'wrong principal'
  }
  if (rank === 1) {
    const wrong = wrongSet(truth, told.candidates ?? [])
    if (wrong !== undefined) return wrong
  }
  if (told.shared !== truth.shared) return 'wrong shared identity'
  return rank < rankOf(truth.need) ? 'not found' : undefined
}

function rankOf(state: State): number {
  return RANK[state] ?? 0
}

function wrongName(truth: Aspect, told: Told): boolean {
  const name = truth.principal ?? truth.through ?? truth.truth
  return (name !== undefined && told.named !== name) || (truth.key !== undefined && told.key !== truth.key)
}

function wrongSet(
  { truth, candidates_min: least, candidates_max: most }: Aspect,
  told: readonly string[],
): Wrong | undefined {
  if (truth !== undefined && !told.includes(truth)) return 'true one no candidate'
  const isWithin = told.every((name) => most?.includes(name) ?? true)
  return isWithin && (least ?? []).every((name) => told.includes(name)) ? undefined : 'other candidates'
}

/** What is judged; the right only of what was done under a request. */
export const ASPECTS = ['path', 'actor', 'right'] as const
export type JudgedAspect = (typeof ASPECTS)[number]

interface Count {
  asked: number
  found: number
}

/** How answers compare with the truth, per aspect and kind of hop. */
export class Tally {
  readonly wrong = new Map<Wrong, number>()
  /** The first of each, in words. */
  readonly examples: string[] = []
  private readonly counts = new Map<string, Map<State, Count>>()
  requests = 0

  add(truth: Truth, aspect: JudgedAspect, told: Told | undefined): void {
    const expected = truth[aspect]
    if (expected === undefined) return
    const wrong = told === undefined ? 'unanswered' : faultOf(expected, told)
    if (aspect === 'path') this.requests++
    const count = this.countOf(`${truth.hop} · ${aspect}`, expected.need)
    count.asked++
    if (wrong === undefined) count.found++
    else this.note(wrong, `${truth.hop}: ${aspect} of ${truth.action} ${truth.fact} at ${truth.at}: may be ${JSON.stringify(expected)}, answered ${JSON.stringify(told)}`) // prettier-ignore
  }

  countWrong(wrong: Wrong): number {
    return this.wrong.get(wrong) ?? 0
  }

  /** Of what had to be found in that state, over all hops of an aspect. */
  share(aspect: JudgedAspect, need: State): Count {
    const sum = { asked: 0, found: 0 }
    for (const [name, states] of this.counts) {
      const count = name.endsWith(`· ${aspect}`) ? states.get(need) : undefined
      sum.asked += count?.asked ?? 0
      sum.found += count?.found ?? 0
    }
    return sum
  }

  /** Nothing claimed beyond the records, all true ones among their candidates, and 99 % found. */
  get holds(): boolean {
    const forbidden: readonly Wrong[] = ['false proven', 'overclaimed', 'wrong principal', 'true one no candidate', 'other candidates', 'wrong shared identity', 'unanswered'] // prettier-ignore
    if (forbidden.some((wrong) => this.countWrong(wrong) > 0)) return false
    return ASPECTS.every((aspect) =>
      (['proven', 'inferred', 'ambiguous'] as const).every((need) => {
        const { asked, found } = this.share(aspect, need)
        return found >= asked * 0.99
      }),
    )
  }

  table(): string {
    const lines = [...this.counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([hop, states]) => {
      const cells = [...states].sort(([a], [b]) => rankOf(b) - rankOf(a)).map(([need, { asked, found }]) => `${need} ${found}/${asked}`)
      return `  ${hop.padEnd(84)} ${cells.join('  ')}`
    }) // prettier-ignore
    return lines.join('\n')
  }

  private note(wrong: Wrong, words: string): void {
    this.wrong.set(wrong, this.countWrong(wrong) + 1)
    if (this.countWrong(wrong) <= 3) this.examples.push(`${wrong}: ${words}`)
  }

  private countOf(name: string, need: State): Count {
    const states = this.counts.get(name) ?? new Map<State, Count>()
    this.counts.set(name, states)
    const count = states.get(need) ?? { asked: 0, found: 0 }
    states.set(need, count)
    return count
  }
}
