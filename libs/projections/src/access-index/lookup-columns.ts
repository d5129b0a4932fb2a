import type { Lookup } from '@catena/access-chain'
import type { Verb } from '@catena/domain'
import { sourceNumber, type Uuid } from './identity.js'
import { micros, verbNumber } from './rows.js'

/** Facts that carry the key of a look-up by the verb. */
export interface AskedLookup {
  readonly lookup: Lookup
  readonly verb: Verb
  /** Of the look-up. */
  readonly key: Uuid
}

/** What a statement can answer: facts of look-ups, some of them narrowed by what the parts name, and names of keys. */
export type Part = 'facts' | 'span' | 'sources' | 'federated' | 'first' | 'named'

/** One item for each look-up; none of them needs quotes that it does not have. */
interface Column {
  readonly part: Part
  readonly name: string
  readonly type: string
  readonly item: (asked: AskedLookup) => string | number | boolean
}

const COLUMNS: readonly Column[] = [
  { part: 'facts', name: 'key', type: 'uuid', item: ({ key }) => key },
  { part: 'facts', name: 'verb', type: 'smallint', item: ({ verb }) => verbNumber(verb) },
  { part: 'span', name: 'from_us', type: 'bigint', item: ({ lookup: { span } }) => (span === undefined ? 'NULL' : micros(span.from)) },
  { part: 'span', name: 'to_us', type: 'bigint', item: ({ lookup: { span } }) => (span === undefined ? 'NULL' : micros(span.to)) },
  { part: 'sources', name: 'sources', type: 'text', item: ({ lookup: { sources } }) => (sources === undefined ? 'NULL' : numbersOf(sources)) },
  { part: 'federated', name: 'federated', type: 'boolean', item: ({ lookup }) => lookup.federated === true },
  { part: 'first', name: 'first', type: 'integer', item: ({ lookup }) => lookup.first ?? 'NULL' },
] // prettier-ignore

function numbersOf(sources: readonly string[]): string {
  return `"{${sources.map(sourceNumber).join(',')}}"`
}

/** In the order of their parameters. */
export function columnsOf(parts: ReadonlySet<Part>): readonly Column[] {
  return COLUMNS.filter(({ part }) => parts.has(part))
}

/** In one order, whatever was asked first. */
export function partsOf(lookups: readonly AskedLookup[], isNamed: boolean): Set<Part> {
  const parts = new Set<Part>(lookups.length > 0 ? ['facts'] : [])
  if (lookups.some(({ lookup }) => lookup.span !== undefined)) parts.add('span')
  if (lookups.some(({ lookup }) => lookup.sources !== undefined)) parts.add('sources')
  if (lookups.some(({ lookup }) => lookup.federated === true)) parts.add('federated')
  if (lookups.some(({ lookup }) => lookup.first !== undefined)) parts.add('first')
  if (isNamed) parts.add('named')
  return parts
}
