import type { Instant, SourceKind } from '@catena/domain'
import type { Control, Verdict } from '../controls/control.js'
import { aggregate, type ControlResult } from '../controls/evaluate.js'
import { CROSSWALK, type FrameworkEntry } from '../crosswalk/crosswalk.js'

/** What a report is about. */
export interface ReportHead {
  readonly controls: readonly Control[]
  /** Only what answers to this framework; absent: controls by their names, or all. */
  readonly framework?: string
  /** The moment that verdicts are about, and the last entry of the ledger that counts, by its number and opaquely. */
  readonly at: Instant
  readonly position: number
  readonly cut: string
  readonly sources: readonly ReportedSource[]
}

/** A source, and how long it was heard of by then; without `from` it never was. */
export interface ReportedSource {
  readonly id: string
  readonly kind: SourceKind
  readonly from?: Instant
  readonly to?: Instant
  readonly gaps: number
}

/** What the controls of the report say of one credential. */
export interface JudgedCredential {
  readonly id: string
  readonly system: string
  readonly name: string
  /** Of controls that apply. */
  readonly results: readonly ControlResult[]
  /** The newest entry of each who tried to obtain it: what was looked at where nothing speaks against it. */
  readonly looked: readonly number[]
}

/** One credential under one verdict of one control. */
export interface ReportedRow {
  readonly credential: Omit<JudgedCredential, 'results'>
  readonly result: ControlResult
}

export type Counts = Readonly<Record<Verdict, number>>

export interface ControlSection {
  readonly control: Control
  readonly counts: Counts
  /** By verdict, at most LISTED_MAX each. */
  readonly rows: Readonly<Record<Verdict, readonly ReportedRow[]>>
}

export interface EntrySection {
  readonly entry: FrameworkEntry
  /** Credentials by the worst of the entry's controls in this report. */
  readonly counts: Counts
}

export interface ControlReport extends ReportHead {
  /** Credentials that were known by then. */
  readonly population: number
  readonly sections: readonly ControlSection[]
  readonly entries: readonly EntrySection[]
}

/** Most credentials that a page lists under one verdict of one control; the CSV has all of them. */
export const LISTED_MAX = 500

const NOTHING = { controlled: 0, exception: 0, uncontrolled: 0, unknown: 0 }

/** Adds credential by credential, so that the credentials themselves need not be held. */
export class ReportCount {
  private population = 0
  private readonly sections: Map<string, { counts: Record<Verdict, number>; rows: Record<Verdict, ReportedRow[]> }>
  private readonly entries: { entry: FrameworkEntry; counts: Record<Verdict, number> }[]

  constructor(private readonly head: ReportHead) {
    const empty = () => ({ counts: { ...NOTHING }, rows: { controlled: [], exception: [], uncontrolled: [], unknown: [] } })
    this.sections = new Map(head.controls.map(({ id }) => [id, empty()]))
    const told = CROSSWALK.entries.filter(({ framework }) => head.framework === undefined || framework === head.framework)
    this.entries = told
      .filter(({ controls }) => controls.some((id) => this.sections.has(id)))
      .map((entry) => ({ entry, counts: { ...NOTHING } }))
  }

  add({ results, ...credential }: JudgedCredential): void {
    this.population += 1
    for (const result of results) {
      const section = this.sections.get(result.control)
      if (section === undefined) continue
      section.counts[result.verdict] += 1
      const rows = section.rows[result.verdict]
      if (rows.length < LISTED_MAX) rows.push({ credential, result })
    }
    for (const { entry, counts } of this.entries) {
      const own = results.filter(({ control }) => entry.controls.includes(control)).map(({ verdict }) => verdict)
      if (own.length > 0) counts[aggregate(own)] += 1
    }
  }

  report(): ControlReport {
    const sections = this.head.controls.flatMap((control) => {
      const section = this.sections.get(control.id)
      return section === undefined ? [] : [{ control, ...section }]
    })
    return { ...this.head, population: this.population, sections, entries: this.entries }
  }
} // prettier-ignore

/** Controls of a framework, in the order of the registry; empty: the crosswalk knows no such framework. */
export function controlsOf(framework: string, controls: readonly Control[]): Control[] {
  const ids = new Set(CROSSWALK.entries.filter((entry) => entry.framework === framework).flatMap((entry) => entry.controls)) // prettier-ignore
  return controls.filter(({ id }) => ids.has(id))
}

export function frameworks(): string[] {
  return [...new Set(CROSSWALK.entries.map(({ framework }) => framework))]
}
