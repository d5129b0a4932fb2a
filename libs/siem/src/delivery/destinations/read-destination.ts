import type { z } from 'zod'
import { destinationSchema, TARGETS, type Destination, type FeedFilter } from './destination.js'

/** A declaration that cannot be used, with every mistake. */
export class BadDestination extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('; '))
    this.name = 'BadDestination'
  }
}

/** What somebody wrote → a destination. Throws BadDestination. `sources`: what is configured, so that a filter that selects nothing, or less than was meant, is told. */
export function readDestination(written: unknown, sources: readonly string[]): Destination {
  const parsed = destinationSchema.safeParse(written)
  if (!parsed.success) throw new BadDestination(parsed.error.issues.map((issue) => describe(issue, '')))
  const target = TARGETS[parsed.data.kind].safeParse(parsed.data.target)
  if (!target.success) throw new BadDestination(target.error.issues.map((issue) => describe(issue, 'target.')))
  const destination = { ...parsed.data, target: target.data } as Destination
  const problems = [...unusableFilter(destination.filter, sources), ...missingSecret(destination)]
  if (problems.length > 0) throw new BadDestination(problems)
  return destination
}

function describe({ path, message, ...issue }: z.core.$ZodIssue, prefix: string): string {
  const name = `${prefix}${path.map(String).join('.')}`
  if (issue.code === 'unrecognized_keys') {
    const keys = (issue as unknown as { keys: string[] }).keys
    const hint = keys.some((key) => /secret|token|password/i.test(key)) ? ': name a secret by secret_env or secret_file, never write it' : '' // prettier-ignore
    return `${prefix}${keys.join(', ')} is unknown here${hint}`
  }
  // Nothing else is of no type at all.
  if (issue.code === 'invalid_type' && message.endsWith('received undefined')) return `${name} is missing`
  return `${name} ${message}`.trim()
}

/** Kinds that are sent beside the feed, whatever the filter. */
const BESIDE_THE_FEED: readonly string[] = ['heartbeat', 'test']

/** Problems of a filter that can select nothing. */
export function emptyFilter({ kinds, sources }: FeedFilter, configured: readonly string[]): string[] {
  const known = [...configured, 'catena']
  return [
    ...(sources?.some((source) => known.includes(source)) === false ? [`filter.sources selects nothing: there are ${known.join(', ')}`] : []),
    ...(kinds?.every((kind) => BESIDE_THE_FEED.includes(kind)) === true ? [`filter.kinds selects nothing: ${kinds.join(' and ')} are no part of the feed`] : []),
  ] // prettier-ignore
}

/** The same, and of one that names what is not there beside what is: it would select less than was meant. */
export function unusableFilter(filter: FeedFilter, configured: readonly string[]): string[] {
  const known = [...configured, 'catena']
  const unknown = filter.sources?.filter((source) => !known.includes(source)) ?? []
  const isPartly = unknown.length > 0 && unknown.length < (filter.sources?.length ?? 0)
  const are = unknown.length === 1 ? 'is no source' : 'are no sources'
  return [
    ...emptyFilter(filter, configured),
    ...(isPartly ? [`filter.sources names ${unknown.join(', ')}, which ${are}: there are ${known.join(', ')}`] : []),
  ]
}

function missingSecret(destination: Destination): string[] {
  if (destination.kind !== 'webhook' && destination.kind !== 'event-collector') return []
  const { url, allow_private: allowPrivate, secret_env: variable, secret_file: file } = destination.target
  return [
    ...((variable === undefined) === (file === undefined) ? ['target needs secret_env or secret_file, and one of them only'] : []),
    ...(url.startsWith('http:') && !allowPrivate ? ['target.url must begin with https://: plain http is for receivers of your own network, with allow_private'] : []),
  ] // prettier-ignore
}
