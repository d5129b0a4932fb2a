import { expect } from '@jest/globals'
import { loginLine } from '../../apps/cli/src/testing/real-catena.js'
import { Malformer } from './malformer.js'

const QUERIES = [
  '{ evidence { cut retrievals(first: 3, filter: { vault: "secret/", outcomes: [SUCCEEDED] }) { edges { node { id actor { __typename } } } } } }',
  'query q($t: String!, $n: Int = 2) { evidence { lookup(term: $t) { meanings { key } chains(first: $n) { edges { cursor } } } } }',
  '{ evidence(asOf: { validAt: "2026-11-23T05:01:00Z", knownAt: "c1.MTAw" }) { record(position: 7) { payload } principals(filter: { search: "a" }) { edges { node { key aliases { key } } } } } }',
  '{ evidence { credentials(after: "WzFd") { edges { node { path chains(first: 1) { edges { node { id } } } } } } } caller { id } }',
  'mutation m($i: [Position!]!) { releaseQuarantined(ids: $i) { id outcome } }',
] // prettier-ignore
const VARIABLES = [
  {},
  { t: 'x', n: 1 },
  { t: '\0', n: -1 },
  { t: 5 },
  { i: ['9'] },
  { i: [-1] },
  [],
  'x',
  { __proto__: 1 },
]
const AT_ONCE = 16

export interface Shot {
  readonly status: number
  readonly text: string
}

/** Malformed documents, and malformed requests around sound ones. No answer may be a fault, or tell of the inside. */
export async function shootDocuments(
  url: string,
  headers: Record<string, string>,
  count: number,
  seed: number,
): Promise<Map<number, number>> {
  const malformer = new Malformer(seed)
  return shoot(count, async () => {
    const query = malformer.spoil(malformer.pick(QUERIES))
    const whole = JSON.stringify({ query, variables: malformer.pick(VARIABLES) })
    const body = malformer.next() < 0.2 ? malformer.spoil(whole) : whole
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    })
    return { status: response.status, text: await response.text() }
  })
}

export async function shootRecords(
  url: string,
  headers: Record<string, string>,
  count: number,
  seed: number,
): Promise<Map<number, number>> {
  const malformer = new Malformer(seed)
  return shoot(count, async () => {
    const number = Math.floor(malformer.next() * 1_000)
    const whole = malformer.next() < 0.5 ? loginLine(number) : `[${loginLine(number)},\n${loginLine(number + 1)}]`
    const encoding =
      malformer.next() < 0.1
        ? { 'content-encoding': malformer.pick(['gzip', 'br', 'deflate', 'gzip, gzip', '\u00e9']) }
        : {}
    const response = await fetch(`${url}/ingest/idp`, {
      method: 'POST',
      headers: { ...headers, ...encoding },
      body: malformer.spoil(whole),
    })
    return { status: response.status, text: await response.text() }
  })
}

/** How often each status was answered. */
export async function shoot(count: number, one: () => Promise<Shot>): Promise<Map<number, number>> {
  const statuses = new Map<number, number>()
  let left = count
  const shooter = async (): Promise<void> => {
    while (left-- > 0) {
      const { status, text } = await one()
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      expect([status, text.slice(0, 300)]).toEqual([status < 500 ? status : 0, text.slice(0, 300)])
      expect(text).not.toMatch(/node_modules|INTERNAL|at \w+ \(|SELECT /)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, shooter))
  return statuses
}
