import { readFileSync } from 'node:fs'
import type { SourceInstance } from '@catena/domain'
import type { PostgresLedger } from '@catena/ledger'
import { createLogger } from '@catena/platform'
import { openReader } from '@catena/runtime'
import {
  buildSchema,
  getNamedType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
  type GraphQLField,
  type GraphQLObjectType,
} from 'graphql'
import { createApi } from '../apps/api/src/create-api.js'
import { instanceOn, testCallersOf } from './instance-on.js'

export interface Answer {
  readonly field: string
  readonly text: string
  readonly isRefused: boolean
}

/** The API on a database, asked for all that it can tell. */
export interface AnsweringApi {
  /** Every field of the evidence that needs no argument, and stored records. */
  askEverything(): Promise<Answer[]>
  /** What a person pastes into the search field. */
  lookUp(term: string): Promise<void>
  readonly log: readonly string[]
  close(): Promise<void>
}

interface Database {
  readonly databaseUrl: string
  readonly ledger: PostgresLedger
  readonly sources: readonly SourceInstance[]
}

export async function openAnsweringApi({ databaseUrl, ledger, sources }: Database): Promise<AnsweringApi> {
  const instance = instanceOn({ databaseUrl, ledger, sources })
  const { reader, close } = openReader(instance)
  const log: string[] = []
  const logger = createLogger('debug', { write: (line) => void log.push(line) })
  const callers = testCallersOf(instance, reader.pool)
  const api = await createApi({ instance, reader, logger, callers })
  const url = await api.listen('127.0.0.1', 0)
  const ask = (query: string, variables: object = {}): Promise<string> => post(url, { query, variables })
  return {
    log,
    askEverything: async () => {
      const answers: Answer[] = []
      for (const [field, ...queries] of await questions(ledger)) answers.push(await answerTo(field, queries, ask))
      return answers
    },
    lookUp: async (term) => {
      await ask('query ($term: String!) { evidence { lookup(term: $term) { __typename } } }', { term })
      await ask('query ($term: String!) { noSuchField(term: $term) }', { term })
    },
    close: async () => {
      await api.close()
      await close()
    },
  }
}

/** The deepest of these questions that the API answers: it bounds what a request may ask for. */
async function answerTo(
  field: string,
  queries: readonly string[],
  ask: (query: string) => Promise<string>,
): Promise<Answer> {
  let text = ''
  for (const query of queries) {
    text = await ask(query)
    if (!text.includes('"errors"')) return { field, text, isRefused: false }
  }
  return { field, text, isRefused: true }
}

async function post(url: string, body: object): Promise<string> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify(body) })
  return response.text()
}

/** Records are asked for by position, a hundred at a time, all over the ledger. */
async function questions(ledger: PostgresLedger): Promise<[string, ...string[]][]> {
  const schema = buildSchema(readFileSync('schema.graphql', 'utf8'))
  const evidence = schema.getType('Evidence') as GraphQLObjectType
  const fields = Object.values(evidence.getFields()).filter(
    ({ args, name }) => !args.some(isRequiredArgument) && !SUMS.has(name),
  )
  const head = await ledger.head()
  const records = evidence.getFields()['records']!
  const starts = Array.from({ length: 10 }, (_, part) => Math.floor((part * Math.max(0, head - 100)) / 10) + 1)
  return [
    ...fields.map((field): [string, ...string[]] => [
      field.name,
      ...[DEPTH_MAX, DEPTH_MAX - 1].map((depth) => `{ evidence { ${fieldWith(field, depth)} } }`),
    ]),
    ...starts.map((start): [string, ...string[]] => {
      const positions = Array.from({ length: 100 }, (_, n) => `"${start + n}"`).join(' ')
      const selection = selectionOf(getNamedType(records.type) as GraphQLObjectType, DEPTH_MAX)
      return [`records from ${start}`, `{ evidence { records(positions: [${positions}]) ${selection} } }`]
    }),
  ]
}

/** Deep enough for the members of what stands in a page. */
const DEPTH_MAX = 4

/** Sums over all chains take minutes on records that nobody wrote on purpose. */
const SUMS = new Set(['joinability'])

function fieldWith(field: GraphQLField<unknown, unknown>, depth: number): string {
  const first = field.args.some(({ name }) => name === 'first') ? '(first: 20)' : ''
  return `${field.name}${first} ${selectionOf(getNamedType(field.type) as GraphQLObjectType, depth)}`
}

/** Everything below a type; members of a union under names of their own, because they differ in what they may lack. */
function selectionOf(type: unknown, depth: number): string {
  if (isUnionType(type)) {
    const parts = type.getTypes().map((one) => `... on ${one.name} { __typename ${membersOf(one, depth, `${one.name}_`)} }`)
    return `{ ${parts.join(' ')} }`
  }
  return isObjectType(type) ? `{ __typename ${membersOf(type, depth, '')} }` : ''
} // prettier-ignore

function membersOf(type: GraphQLObjectType, depth: number, prefix: string): string {
  return Object.values(type.getFields())
    .filter(({ args }) => !args.some(isRequiredArgument))
    .filter((field) => depth > 1 || !hasMembers(getNamedType(field.type)))
    .map((field) => `${prefix === '' ? '' : `${prefix}${field.name}: `}${field.name} ${selectionOf(getNamedType(field.type), depth - 1)}`)
    .join(' ')
} // prettier-ignore

function hasMembers(type: unknown): boolean {
  return isObjectType(type) || isUnionType(type)
}
