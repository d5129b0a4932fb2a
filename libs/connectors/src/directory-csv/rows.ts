import { namespaceOf, NAMESPACES, parseInstant, type Instant, type Key, formatInstant } from '@catena/domain'

/** A row of a file with the number of its line, from 1. */
export interface FileRow {
  readonly line: number
  readonly cells: readonly string[]
  /** A quote opens in it and never closes. */
  readonly isCutOff?: boolean
}

export interface DirectoryRows {
  /** Records, as they are stored: one per row. Empty where anything is wrong: nothing is half-imported. */
  readonly records: readonly string[]
  /** One sentence for each row that cannot be taken. */
  readonly problems: readonly string[]
}

const PERSON = [
  'id',
  'user_name',
  'email',
  'display_name',
  'manager',
  'department',
  'title',
  'employment',
  'start_date',
  'end_date',
  'groups',
  'same_as',
]
const WORKLOAD = ['workload', 'sponsors', 'start_date', 'end_date']
const LISTS = new Set(['groups', 'same_as', 'sponsors'])
const EMPLOYMENT = ['active', 'on leave', 'disabled', 'left']
const CELL_LENGTH_MAX = 400

/** The rows of one file, each checked. `at`: when the list was made. A list of one moment names each person once. */
export function readDirectoryRows([header, ...rows]: readonly FileRow[], at: Instant): DirectoryRows {
  const names = header?.cells.map((cell) => cell.trim().toLowerCase()) ?? []
  const row = names.includes('workload') ? 'workload' : 'person'
  const problems = headerProblems(names, row)
  if (problems.length > 0) return { records: [], problems }
  const key = row === 'workload' ? 'workload' : 'id'
  const seen = new Map<string, number>()
  const ids = new Set(rows.map(({ cells }) => cells[names.indexOf('id')]?.trim() ?? ''))
  const records = rows.map(({ line, cells, isCutOff }) => {
    const values = new Map(names.map((name, index) => [name, cells[index]?.trim() ?? '']))
    const id = values.get(key) ?? ''
    const wrong = [
      ...(isCutOff === true ? ['a quote opens and never closes: is the file whole?'] : []),
      ...(cells.length === names.length ? [] : [`${cells.length} cells where the header has ${names.length}`]),
      ...cellProblems(values, row, ids),
      ...(seen.has(id) ? [`${key} ${id} stands in line ${seen.get(id) ?? 0} already`] : []),
    ]
    seen.set(id, line)
    problems.push(...wrong.map((one) => `line ${line}: ${one}`))
    return JSON.stringify({
      at: formatInstant(at),
      row,
      ...Object.fromEntries([...values].map(([name, value]) => [name, valueOf(name, value)])),
    })
  })
  return { records: problems.length > 0 ? [] : records, problems }
}

function headerProblems(names: readonly string[], row: 'person' | 'workload'): string[] {
  const known = row === 'workload' ? WORKLOAD : PERSON
  const [required = ''] = known
  const unknown = names.filter((name) => !known.includes(name))
  const repeated = names.filter((name, index) => names.indexOf(name) !== index)
  return [
    ...(names.includes(required)
      ? []
      : [
          `line 1: the header names no id and no workload; columns are ${PERSON.join(', ')}, or ${WORKLOAD.join(', ')}`,
        ]),
    ...unknown.map((name) => `line 1: unknown column "${name}"; there are ${known.join(', ')}`),
    ...[...new Set(repeated)].map((name) => `line 1: column "${name}" stands there twice`),
  ]
}

function cellProblems(
  values: ReadonlyMap<string, string>,
  row: 'person' | 'workload',
  ids: ReadonlySet<string>,
): string[] {
  const value = (name: string): string => values.get(name) ?? ''
  const days = ['start_date', 'end_date'].filter((name) => value(name) !== '' && !isDay(value(name)))
  const keys = row === 'workload' ? [value('workload')] : parts(value('same_as'))
  const manager = value('manager')
  return [
    ...(value(row === 'workload' ? 'workload' : 'id') === ''
      ? [`${row === 'workload' ? 'workload' : 'id'} is empty`]
      : []),
    ...days.map((name) => `${name} must be a day such as 2026-03-01`),
    ...(value('employment') === '' || EMPLOYMENT.includes(value('employment'))
      ? []
      : [`employment must be one of ${EMPLOYMENT.join(', ')}`]),
    ...keys
      .filter((key) => key !== '' && !isKey(key))
      .map((key) => `${key} is no key: write namespace:scope:value, e.g. person:okta/acme:00u1`),
    ...(row === 'person' && manager !== '' && !ids.has(manager) ? [`manager ${manager} is no id of this file`] : []),
    ...[...values]
      .filter(([, text]) => text.length > CELL_LENGTH_MAX || /[\0\r\n]/.test(text))
      .map(([name]) => `${name} is too long, or holds a line break`),
  ]
}

function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && parseInstant(`${text}T00:00:00Z`) !== undefined
}

/** Also asked of what is stored: a key in which redaction saw a secret is its mask, and none any more. */
export function isKey(text: string): text is Key {
  return Object.hasOwn(NAMESPACES, namespaceOf(text as Key)) && text.split(':').length >= 3
}

function valueOf(name: string, value: string): string | string[] {
  return LISTS.has(name) ? parts(value) : value
}

function parts(value: string): string[] {
  return [
    ...new Set(
      value
        .split(';')
        .map((part) => part.trim())
        .filter(Boolean),
    ),
  ]
}
