import { asCaller } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { buildSchema } from 'graphql'
import { startRecordedApi, type GraphAnswer, type RecordedApi } from '../../apps/api/test/recorded-api.js'
import { printApiSchema } from '../../libs/graphql/src/schema.js'
import { textArguments, type TextArgument } from './text-arguments.js'

jest.setTimeout(240_000)

let api: RecordedApi
let places: TextArgument[]
beforeAll(async () => {
  api = await startRecordedApi()
  places = textArguments(buildSchema(await printApiSchema()))
}, 120_000)
afterAll(() => api.stop())

/** Matches nothing that was recorded. */
const NEUTRAL = 'nothing-is-called-so'
/** Ends a string of SQL, makes every row match, calls a function that outlasts each statement's limit, opens a comment; and the same against other quoting. */
const SQL = [
  `${NEUTRAL}') OR ('1'='1') --`,
  `${NEUTRAL}' OR '1'='1' || pg_sleep(600)::text || '`,
  `${NEUTRAL}'; DROP TABLE event; SELECT pg_sleep(600); --`,
  `${NEUTRAL}\\' OR "1"="1" OR $$1$$=$$1$$ --`,
]
/** Ends a line of a log, begins another, moves the cursor of a terminal, or is no text for the database or UTF-8. */
const LOG = [
  'x\r\n{"level":"info","msg":"forged line"}\u2028\u0085',
  'x\u001b[2J\u001b[1;1Hforged line',
  'x\u0000y',
  '\ud800',
]

/** Answers are priced for each caller and minute: each place has a caller of its own, and so its own budget. */
const ask = ({ place, query }: TextArgument, t: string): Promise<GraphAnswer> =>
  api.ask(query, { t }, asCaller({ id: `person:${place}` }))
const codesOf = ({ errors = [] }: GraphAnswer) => errors.map(({ extensions }) => extensions.code)
const itemsIn = ({ data }: GraphAnswer) => JSON.stringify(data ?? null).split('"cursor"').length - 1

async function tables(): Promise<number> {
  const { rows } = await api.shared.reader.pool.query<{ count: string }>(
    `SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  )
  return Number(rows[0]?.count)
}

describe('every place of the schema where a caller writes text', () => {
  it('is found by walking the schema', () => {
    const found = places.map(({ place }) => place)
    expect(found.length).toBeGreaterThan(60)
    expect(found).toEqual(
      expect.arrayContaining([
        'Query.evidence(asOf.knownAt)',
        'Evidence.retrievals(filter.vault)',
        'Evidence.lookup(term)',
        'Credential.chains(after)',
        'Mutation.issueApiToken(input.name)',
        'Joinability.hops(after)',
        'Lookup.chains(after)',
      ]),
    )
  })

  it('takes SQL for text: nothing more is found, nothing waits, nothing is dropped, nothing fails', async () => {
    const before = await tables()
    for (const place of places) {
      const neutral = itemsIn(await ask(place, NEUTRAL))
      for (const text of SQL) {
        const answer = await ask(place, text)
        expect([place.place, text, codesOf(answer).filter(isFault)]).toEqual([place.place, text, []])
        expect([place.place, text, itemsIn(answer) <= neutral]).toEqual([place.place, text, true])
      }
    }
    expect(await tables()).toBe(before)
  })

  it('writes nothing into a log that a reader could take for another line', async () => {
    for (const place of places)
      for (const text of LOG) {
        const answer = await ask(place, text)
        expect([place.place, JSON.stringify(text), codesOf(answer).filter(isFault)]).toEqual([
          place.place,
          JSON.stringify(text),
          [],
        ])
      }
    for (const line of api.log) {
      expect(/[\n\r\u0085\u2028]/.test(line.trimEnd()) || line.includes('\u001b')).toBe(false)
      expect(() => JSON.parse(line) as unknown).not.toThrow()
    }
  })
})

function isFault(code: string): boolean {
  return ['INTERNAL', 'UNAVAILABLE', 'INTERNAL_SERVER_ERROR'].includes(code)
}
