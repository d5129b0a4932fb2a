import { parseInstant, type Instant } from '@catena/domain'
import { z } from 'zod'
import { filterSchema, type FeedFilter } from '../delivery/destinations/destination.js'
import { emptyFilter, unusableFilter } from '../delivery/destinations/read-destination.js'
import { FORMAT_NAMES, type FormatName } from '../formats/format.js'

/** Events of one answer, and how long an answer may wait for the first. */
export const PULL_LIMIT_MAX = 10_000
const PULL_LIMIT = 1_000
export const PULL_WAIT_MAX_S = 60

export interface PullQuestion {
  readonly cursor?: string
  /** Where there is no cursor: after this sequence, or from this moment on; else from the oldest event. */
  readonly after?: number
  readonly since?: Instant
  readonly limit: number
  readonly waitMs: number
  readonly format: FormatName
  readonly filter: FeedFilter
}

/** A parameter that cannot be used. */
export class BadQuestion extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'BadQuestion'
  }
}

function whole(min: number, max: number, otherwise: number): z.ZodType<number> {
  const message = `must be a whole number from ${min} to ${max}`
  return z.string().regex(/^\d{1,16}$/, message).transform(Number).refine((value) => value >= min && value <= max, message).default(otherwise)
} // prettier-ignore

const list = z.string().transform((text) => text.split(',').filter((item) => item !== '')).optional() // prettier-ignore

const parameters = z.strictObject({
  cursor: z.string().max(500, 'is no cursor').optional(),
  after: z.string().regex(/^\d{1,15}$/, 'must be a sequence').optional(),
  since: z.string().refine((text) => parseInstant(text) !== undefined, 'must be a time such as 2026-11-23T04:59:00Z').optional(),
  limit: whole(1, PULL_LIMIT_MAX, PULL_LIMIT),
  wait: whole(0, PULL_WAIT_MAX_S, 0),
  format: z.enum(FORMAT_NAMES, `must be one of ${FORMAT_NAMES.join(', ')}`).default('ocsf'),
  kinds: list,
  severity: z.string().optional(),
  sources: list,
}) // prettier-ignore

/** The parameters of a request. Throws BadQuestion with what to do. */
export function readQuestion(query: unknown, sources: readonly string[]): PullQuestion {
  const parsed = parameters.safeParse(query)
  if (!parsed.success) throw new BadQuestion(parsed.error.issues.map(describe).join('; '))
  const { cursor, after, since, limit, wait, format, kinds, severity, sources: wanted } = parsed.data
  if ([cursor, after, since].filter((one) => one !== undefined).length > 1) throw new BadQuestion('cursor, after and since exclude each other: give one of them') // prettier-ignore
  const filter = filterSchema.safeParse(withoutUndefined({ kinds, severity, sources: wanted }))
  if (!filter.success) throw new BadQuestion(filter.error.issues.map(describe).join('; '))
  // Whoever has a cursor asked so before: a source that is configured no more is no mistake of theirs.
  const problems = (cursor === undefined ? unusableFilter : emptyFilter)(filter.data, sources)
  if (problems.length > 0) throw new BadQuestion(problems.join('; '))
  return withoutUndefined({
    cursor,
    after: after === undefined ? undefined : Number(after),
    since: since === undefined ? undefined : parseInstant(since),
    limit,
    waitMs: wait * 1000,
    format,
    filter: filter.data,
  }) as PullQuestion
}

/** The question of a caller that may read of these sources only; undefined: of all. Throws BadQuestion where nothing is left to ask for. */
export function withinSources(question: PullQuestion, sources: readonly string[] | undefined): PullQuestion {
  if (sources === undefined) return question
  const wanted = question.filter.sources ?? sources
  const left = wanted.filter((source) => sources.includes(source))
  if (left.length === 0)
    throw new BadQuestion(`your token may read of ${sources.join(', ')} only: name one of these, or none`)
  return { ...question, filter: { ...question.filter, sources: left } }
}

/** Filter and format in a normal form: the order of a list does not make another question. */
export function normalForm({ format, filter }: Pick<PullQuestion, 'format' | 'filter'>): string {
  const sorted = (list?: readonly string[]): string[] => [...(list ?? [])].sort()
  return JSON.stringify([format, sorted(filter.kinds), filter.severity ?? '', sorted(filter.sources)])
}

function describe({ path, message, ...issue }: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `${(issue as unknown as { keys: string[] }).keys.join(', ')} is no parameter here` // prettier-ignore
  return `${path.map(String).join('.')} ${message}`
}

function withoutUndefined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Partial<T>
}
