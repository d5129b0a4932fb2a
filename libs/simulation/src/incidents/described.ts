/** What an incident is, in words and figures. */
export interface Described {
  /** Its file's name. */
  readonly kind: string
  readonly title: string
  /** What makes the twin legitimate. */
  readonly twin: string
  readonly requirements: readonly string[]
  /** Ids of the controls of Catena that must find it, and that its twin must leave silent. */
  readonly breaks: readonly string[]
  /** Days that either takes. */
  readonly days: number
  /** What the records do not tell and a rule must be told: deadlines, periods, declarations. */
  readonly given?: Readonly<Record<string, unknown>>
}
