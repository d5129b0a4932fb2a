import { loginLine } from '../../apps/cli/src/testing/real-catena.js'
import { shot, type Aim } from './shoot.js'

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
/** Malformed documents, and malformed requests around sound ones. No answer may be a fault, or tell of the inside. */
export const aimDocuments: Aim =
  ({ url, headers }, malformer) =>
  async () => {
    const query = malformer.spoil(malformer.pick(QUERIES))
    const whole = JSON.stringify({ query, variables: malformer.pick(VARIABLES) })
    const body = malformer.next() < 0.2 ? malformer.spoil(whole) : whole
    return shot(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })
  }

export const aimRecords: Aim =
  ({ url, headers }, malformer) =>
  async () => {
    const number = Math.floor(malformer.next() * 1_000)
    const whole = malformer.next() < 0.5 ? loginLine(number) : `[${loginLine(number)},\n${loginLine(number + 1)}]`
    const encoding =
      malformer.next() < 0.1
        ? { 'content-encoding': malformer.pick(['gzip', 'br', 'deflate', 'gzip, gzip', '\u00e9']) }
        : {}
    return shot(`${url}/ingest/idp`, {
      method: 'POST',
      headers: { ...headers, ...encoding },
      body: malformer.spoil(whole),
    })
  }
